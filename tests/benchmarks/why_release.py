"""A release of a large customer base with weeks of ledger, drawn straight into Parquet as a release lays it out.

Customers stand in the order of their ids, so that no table has to be sorted; ids are hashes, as real ones are. The
newest day of the ledger is written by the code that writes releases; the days before hold the same candidates in the
same order under other dates and runs, for sorting forty million rows thirty-five times would take half an hour.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.export import Earlier, export_table
from orchestration.file_layout import parquet_of
from orchestration.paths import Home

LAST, MESSAGES = date(2026, 11, 5), 300
DDL = Path(__file__).resolve().parents[1] / "fixtures" / "small_warehouse.ddl"

LEDGER = """select 'run-{day}' as run_id, customer_id, 'm' || message as message_id, 'k' || message % 60 || '@{day}' as
    instance, case reason when 0 then 'send' when 2000 then 'lose' else 'suppress' end as outcome, reason as
    first_reason, case reason when 0 then 0 when 2000 then 256 else 2 end as reason_mask,
    case when reason = 2000 then 'm' || (message + 7) % 300 end as lost_to, null::bigint as short_by,
    cast(hash('score', n, message) % 4000000 as bigint) as score, cast(reason = 0 as bigint) as round,
    {candidates} as wish_count, cast(n % 6 as bigint) as pressure_7d, 0.95::double as choice_prob,
    null::timestamp as hold_until, timestamp '{day} 06:00:00' as decided_at
from (
    select n, customer_id, cast((hash('first', n, '{day}') + 37 * k) % 300 as bigint) as message,
        [0, 2000, 2000, 1002, 1102, 101, 2000, 1003][1 + cast((hash('reason', n, '{day}') + k) % 8 as bigint)] as reason
    from (select n, customer_id, unnest(range({candidates})) as k from people)
)"""

TABLES = {
    "dim_customers": "select customer_id, customer_id || '@example.com' as email, 'Ada' as first_name, 'Byron' as"
    " last_name, 'US' as country, 'America/New_York' as time_zone, true as is_time_zone_known, 'active' as"
    " lifecycle_stage, n % 9 as order_count from people",
    "dim_customer_identifiers": "select kind as identifier_type, kind || '-' || customer_id as identifier, customer_id,"
    " false as is_shared, 2 as source_count from (select customer_id, unnest(['account', 'cookie', 'email']) as kind"
    " from people)",
    "fct_customer_links": "select customer_id, 'account' as left_type, 'account-' || customer_id as left_identifier,"
    " 'email' as right_type, 'email-' || customer_id as right_identifier, 'same order' as rule, true as is_accepted,"
    " 2 as evidence_count, 'shop' as sources from people",
    "fct_identity_changes": "select 'merged' as kind, customer_id, 'old-' || customer_id as other_customer_id"
    " from people where n % 50 = 0",
    "dim_customer_consents": "select customer_id, channel, 'marketing' as purpose, 'email' as contact_type, 'email-' ||"
    " customer_id as contact_point, true as is_granted, false as is_bounced from (select customer_id,"
    " unnest(['email', 'push', 'sms', 'onsite', 'paid_social']) as channel from people)",
    "fct_audience_members": "select 's' || (n + k) % 20 as audience, customer_id, 'all' as scope_key, 'segment' as kind"
    " from (select n, customer_id, unnest(range(4)) as k from people)",
    "fct_programme_states": "select 'onboarding' as programme, customer_id, 'onboarding@1' as instance,"
    " 'live' as status, 'm1' as message_id, 1 as step_number, 'entered' as moved_because,"
    f" timestamp '{LAST}' as entered_at from people",
    "fct_contacts": "select 'x' || n || '-' || k as contact_id, customer_id, 'email' as channel,"
    " 'm' || (n + k) % 300 as message_id, 'sent' as state,"
    f" timestamp '{LAST}' - to_days(cast(3 * k as int)) as counted_at from"
    " (select n, customer_id, unnest(range(10)) as k from people)",
    "fct_decisions": "select 'd' || n || '-' || k as decision_id, 'run-' || (date '2026-11-05' - k::int) as run_id,"
    " customer_id, 'm' || (n + k) % 300 as message_id, 'k1' as instance, 'k' || (n + k) % 60 as campaign,"
    " 'email' as channel,"
    f" timestamp '{LAST}' as send_after from (select n, customer_id, unnest(range(10)) as k from people)",
    "fct_promoted_after_purchase": "select 'x' || n as contact_id, customer_id, 'p1' as product_id from people"
    " where n % 20 = 0",
    "sync_members": "select 'email_list' as sync_id, 'k-' || customer_id as member_key, customer_id from people",
    "syncs": "select 'email_list' as sync_id, 'mirror' as mode",
    "messages": "select 'm' || n as message_id, 'k' || n % 60 as campaign, 'email' as channel, 1 + n % 3 as tier"
    " from range(300) as r(n)",
    "dim_reasons": "select code, 'reason ' || code as words, 2 as most from (select unnest([0, 101, 1002, 1003, 1102,"
    " 2000]) as code)",
}  # fmt: skip


def draw_release(home: Home, customers: int, days: int, candidates: int) -> list[str]:
    """Write the release and point CURRENT at it; a thousand of its customers' ids."""
    folder = home.releases / "drawn"
    folder.mkdir(parents=True)
    files: dict[str, list[str]] = {}
    with duckdb.connect() as connection:
        connection.execute("set memory_limit = '2GB'")
        connection.execute("set threads = 2")
        connection.execute("create schema marts")
        connection.execute(DDL.read_text(encoding="utf-8"))
        connection.execute(
            f"create table people as select row_number() over (order by id) as n, id as customer_id"
            f" from (select 'c' || substr(md5('p' || n), 1, 20) as id from range({customers}) as r(n))"
        )
        for name, query in TABLES.items():
            files[name] = [write(connection, folder, name, f"{name}/part-0.parquet", query)]
        lookup = f"select * from read_parquet('{folder}/dim_customer_identifiers/part-0.parquet') order by identifier"
        files["customers_by_identifier"] = [
            write(
                connection,
                folder,
                "dim_customer_identifiers",
                "customers_by_identifier/part-0.parquet",
                lookup,
            )
        ]
        files["fct_ledger"] = draw_ledger(connection, folder, days, candidates)
        asked = connection.execute("select customer_id from people using sample 1000 rows").fetchall()
    name_release(home, folder, files)
    return [row[0] for row in asked]


def draw_ledger(connection: duckdb.DuckDBPyConnection, folder: Path, days: int, candidates: int) -> list[str]:
    """The ledger's files, newest first."""
    query = LEDGER.format(day=LAST, candidates=candidates)
    columns = declared(connection, "fct_ledger", query)
    connection.execute(f"create view drawn as select {columns} from ({query})")
    [newest] = export_table(connection, "fct_ledger", "drawn", folder, Earlier())
    paths = [newest.path]
    for back in range(1, days):
        day = LAST - timedelta(days=back)
        paths.append(f"fct_ledger/{day}/part-0.parquet")
        (folder / paths[-1]).parent.mkdir()
        connection.execute(
            f"copy (select * replace ('run-{day}' as run_id, timestamp '{day} 06:00:00' as decided_at)"
            f" from read_parquet('{folder / newest.path}')) to '{folder / paths[-1]}' {parquet_of(newest.rows)}"
        )
    return paths


def write(connection: duckdb.DuckDBPyConnection, folder: Path, table: str, path: str, query: str) -> str:
    """One file with every column the contract has of the table; its path. Rows are written as they are drawn."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    columns = declared(connection, table, query)
    [(rows,)] = connection.execute(f"select count(*) from ({query})").fetchall()
    connection.execute(f"copy (select {columns} from ({query})) to '{folder / path}' {parquet_of(rows)}")
    return path


def declared(connection: duckdb.DuckDBPyConnection, table: str, query: str) -> str:
    """Every column the contract has of the table, empty where the query does not give it."""
    given = {row[0] for row in connection.execute(f"describe {query}").fetchall()}
    columns = connection.execute(f"describe marts.{table}").fetchall()
    return ", ".join(
        f"cast({name if name in given else 'null'} as {kind}) as {name}" for name, kind, *_ in columns
    )


def name_release(home: Home, folder: Path, files: dict[str, list[str]]) -> None:
    tables = {
        name: {"rows": 0, "files": [{"path": path, "rows": 0, "sha256": ""} for path in paths]}
        for name, paths in files.items()
    }
    manifest = {"release_id": folder.name, "sequence": 1, "verdict": "certified", "tables": tables,
                "as_of": datetime.combine(LAST, datetime.min.time()).isoformat()}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (home.releases / "CURRENT").write_text(folder.name, encoding="utf-8")
