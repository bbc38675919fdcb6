"""What the tools acknowledged, as Downbeat's own raw stream says it: a view over the committed loads."""

from __future__ import annotations

import duckdb

from orchestration.ingestion.loads import committed_loads, stream_folder
from orchestration.paths import Home

STREAM = "downbeat.receipts"
NONE_YET = (
    "select '' as receipt_id, '' as sync_id, '' as destination, '' as release_id, '' as change,"
    " '' as member_key, '' as decision_id, '' as outcome, '' as code,"
    " timestamp '2000-01-01' as finished_at where false"
)


def declare_receipts(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Creates the view receipts in `connection`, empty where nothing was ever sent."""
    folder = stream_folder(home.raw, STREAM)
    files = [
        str(folder / load.file).replace("'", "''") for load in committed_loads(home, STREAM) if load.rows_kept
    ]
    listed = ", ".join(f"'{file}'" for file in files)
    source = f"from read_parquet([{listed}], union_by_name = true)" if files else NONE_YET
    connection.execute(f"create or replace temp view receipts as {source}")
