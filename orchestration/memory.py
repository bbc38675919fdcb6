"""What a release decided becomes a source before anybody can act on it: the next run counts it.

Written after the release is sealed and before the pointer flips. Killed in between, the decisions count and the next
release delivers them; the other order could send a message that nothing remembers.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from orchestration.delivery.receipts import receipt_loads
from orchestration.ingestion.loads import committed_loads, stream_folder
from orchestration.ingestion.own import BEGINNING, commit_own
from orchestration.paths import Home
from orchestration.release import Release

RECEIPTS = "downbeat.receipts"
REMEMBERED = {
    "downbeat.decisions": "select * from read_parquet('{fct_decisions}') where run_id = $run",
    "downbeat.ledger": "select * from read_parquet('{fct_ledger}') where run_id = $run",
    "downbeat.decision_runs": """
        select * replace ($release as release_id) from read_parquet('{fct_decision_runs}') where run_id = $run""",
    "downbeat.identifier_assignments": """
        select * from read_parquet('{fct_identifier_assignments}') where valid_from > $known or valid_from = $moment""",
    "downbeat.assignments": "select * from read_parquet('{fct_assignments}') where assigned_at = $moment",
    "downbeat.conversion_versions": "select * from read_parquet('{fct_conversion_versions}') where seen_at = $moment",
    "downbeat.attribution": """
        select * from read_parquet('{fct_attribution_restatements}') where published_at = $moment""",
}


def remember(home: Home, release: Release) -> None:
    """Commit the release's own rows to Downbeat's streams. Doing it twice changes nothing."""
    moment = release.as_of
    given = {"run": release.manifest["run_id"], "release": release.release_id, "moment": moment}
    given["known"] = _last_assignment(home)
    tables = {name: release.table(name) for name in release.manifest["tables"]}
    with duckdb.connect() as connection:
        for stream, query in REMEMBERED.items():
            values = {name: value for name, value in given.items() if f"${name}" in query}
            rows = connection.sql(query.format(**tables), params=values).to_arrow_table()
            commit_own(home, stream, rows, str(release.manifest["run_id"]), moment)


def _last_assignment(home: Home) -> datetime:
    """Until when it is remembered who each identifier was taken for."""
    stream = "downbeat.identifier_assignments"
    files = [
        str(stream_folder(home.raw, stream) / load.file)
        for load in committed_loads(home, stream)
        if load.rows_kept
    ]
    if not files:
        return BEGINNING
    [(known,)] = duckdb.execute("select max(valid_from) from read_parquet(?)", [files]).fetchall()
    return known if isinstance(known, datetime) else BEGINNING


def remember_receipts(home: Home, destination: str, moment: datetime) -> None:
    """Commit what a lane's ledger says, without identities; each outcome once."""
    for load_id, rows in receipt_loads(home, destination, received(home)):
        commit_own(home, RECEIPTS, rows, load_id, moment)


def received(home: Home) -> set[str]:
    """The ids of all loads of receipts, merged ones included."""
    return {name for load in committed_loads(home, RECEIPTS) for name in (load.load_id, *load.replaces)}
