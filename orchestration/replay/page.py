"""What a replay found, as numbers for a machine and as a page for a pull request. Customers go by their id alone."""

from __future__ import annotations

from typing import Any

import duckdb

from orchestration.replay.replay import Replayed

SHOWN = 20
TOTALS = """
select count(*), count(distinct customer_id), coalesce(round(sum(value), 2), 0) from kept.{side}"""
BY = """
select coalesce(w.name, n.name), coalesce(w.sends, 0), coalesce(n.sends, 0)
from (select {column} as name, count(*) as sends from kept.was group by 1) as w
full outer join (select {column} as name, count(*) as sends from kept.now group by 1) as n on n.name = w.name
order by abs(coalesce(n.sends, 0) - coalesce(w.sends, 0)) desc, 1"""
SILENT = """
select count(*) from (select distinct customer_id from kept.was
except select distinct customer_id from kept.now)"""
BUSIEST_WEEK = """
select a.customer_id, max(w.sends) as sends from kept.{side} as a
join lateral (select count(*) as sends from kept.{side} as b where b.customer_id = a.customer_id
    and b.day between a.day - 6 and a.day) as w on true group by 1"""
OVER = """
with was as ({was}), now as ({now})
select count(*) from now left join was using (customer_id)
where now.sends > $most and coalesce(was.sends, 0) <= $most"""
STEPS = """
with was as (select customer_id, message_id, instance from kept.was),
now as (select customer_id, message_id, instance from kept.now)
select count(*) from ((from was except from now) union all (from now except from was))
where message_id in (select message_id from seeds.programme_steps)"""
CHANGED = """
with was as (select customer_id, string_agg(day || ' ' || message_id, ', ' order by day, message_id) as sent
    from kept.was group by 1),
now as (select customer_id, string_agg(day || ' ' || message_id, ', ' order by day, message_id) as sent
    from kept.now group by 1)
select coalesce(was.customer_id, now.customer_id) as customer_id, coalesce(was.sent, 'nothing'),
    coalesce(now.sent, 'nothing')
from was full outer join now on now.customer_id = was.customer_id
where was.sent is distinct from now.sent
order by md5('sample|' || coalesce(was.customer_id, now.customer_id)), 1 limit """


def summary(replayed: Replayed, most_a_week: int) -> dict[str, Any]:
    """Everything a reviewer asks, ready for JSON. most_a_week: above it, a customer counts as over-contacted."""
    connection = replayed.connection
    totals = {side: _row(connection, TOTALS.format(side=side)) for side in ("was", "now")}
    busiest = {side: BUSIEST_WEEK.format(side=side) for side in ("was", "now")}
    return {
        "from": replayed.first.isoformat(),
        "to": replayed.last.isoformat(),
        "runs": list(replayed.runs),
        "share_of_customers": replayed.share,
        "ledger_rows": replayed.rows,
        "differing_rows": replayed.differing,
        **{side: {"sends": row[0], "customers": row[1], "value": row[2]} for side, row in totals.items()},
        "newly_silent": _row(connection, SILENT)[0],
        "newly_over_contacted": _row(connection, OVER.format(**busiest), {"most": most_a_week})[0],
        "most_a_week": most_a_week,
        "steps_changed": _row(connection, STEPS)[0],
        **{f"by_{column}": _sends(connection, column) for column in ("campaign", "channel", "segment")},
        "customers": [
            {"customer_id": row[0], "was": row[1], "now": row[2]}
            for row in connection.execute(f"{CHANGED}{SHOWN}").fetchall()
        ],
    }


def _row(connection: duckdb.DuckDBPyConnection, query: str, told: dict[str, Any] | None = None) -> Any:
    return connection.execute(query, told or {}).fetchall()[0]


def _sends(connection: duckdb.DuckDBPyConnection, column: str) -> list[dict[str, Any]]:
    rows = connection.execute(BY.format(column=column)).fetchall()
    return [{column: name, "was": was, "now": now} for name, was, now in rows]


def markdown(found: dict[str, Any]) -> str:
    """The page. Values are what messages were expected to bring, not what they did."""
    was, now = found["was"], found["now"]
    share = (
        "" if found["share_of_customers"] == 1 else f", {found['share_of_customers']:.1%} of the customers"
    )
    lines = [
        f"### Replay of {found['from']} to {found['to']}: {len(found['runs'])} runs{share}",
        "",
        f"{found['differing_rows']:,} of {found['ledger_rows']:,} ledger rows differ. Who is eligible and how people "
        "react stays as recorded, and so does where they stand in programmes: a step sent only here moves nobody on, "
        f"one sent only there still has. {found['steps_changed']:,} of the sends that differ are steps of programmes.",
        "",
        "| | as it was | under these policies | |",
        "|---|---:|---:|---:|",
        *(_line(name, was[key], now[key]) for name, key in TOLD),
        f"| newly silent customers | | {found['newly_silent']:,} | |",
        f"| newly over {found['most_a_week']} a week | | {found['newly_over_contacted']:,} | |",
    ]
    for column in ("campaign", "channel", "segment"):
        lines += ["", f"| {column} | as it was | under these policies | |", "|---|---:|---:|---:|"]
        lines += [_line(row[column], row["was"], row["now"]) for row in found[f"by_{column}"]]
    if found["customers"]:
        lines += ["", "| customer | as it was | under these policies |", "|---|---|---|"]
        lines += [f"| {row['customer_id']} | {row['was']} | {row['now']} |" for row in found["customers"]]
    return "\n".join([*lines, ""])


TOLD = (("sends", "sends"), ("customers reached", "customers"), ("expected value", "value"))


def _line(name: str, was: float, now: float) -> str:
    return f"| {name} | {was:,} | {now:,} | {now - was:+,.6g} |"
