"""What the ledgers say, without identities: Downbeat's own stream `downbeat.receipts`, each outcome once."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pyarrow as pa

from orchestration.delivery.ledger import opened
from orchestration.paths import Home

RUNS = "select run_id from outcomes group by run_id order by min(finished_at), run_id"

# A run may call an operation unknown and learn more later on: its firmest word is the receipt.
RECEIPTS = """
select o.op_id as receipt_id, i.sync_id, ? as destination, i.release_id, i.change, i.member_key, i.decision_id,
  i.content_hash, o.outcome, o.code, i.request_id, i.prepared_at as started_at, o.finished_at
from outcomes o join intents i on i.op_id = o.op_id
where o.run_id = ? and o.outcome in ('accepted', 'rejected', 'unknown') and o.code <> 'listed'
qualify row_number() over (partition by o.op_id order by o.outcome = 'unknown', o.finished_at desc) = 1
order by o.op_id
"""


def receipt_loads(
    home: Home, destination: str, committed: Collection[str] = ()
) -> Iterator[tuple[str, pa.Table]]:
    """(load_id, rows) for every run whose receipts are not in `committed` yet, oldest first.

    Rows have the columns of downbeat.receipts. A load id always stands for the same rows, for a run that has let go
    of the ledger adds none; so committing by load id brings each outcome once, however often this is called.
    """
    if not (home.ledgers / f"{destination}.duckdb").exists():
        return
    with opened(home, destination, "receipts", wait_seconds=60) as ledger:
        for (run_id,) in ledger.connection.execute(RUNS).fetchall():
            load_id = f"{destination}-{run_id}"
            if load_id not in committed:
                rows: pa.Table = ledger.connection.sql(
                    RECEIPTS, params=[destination, run_id]
                ).to_arrow_table()
                if rows.num_rows:
                    yield load_id, rows
