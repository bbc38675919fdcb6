"""Who the person is, by which evidence, and where they stand now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import duckdb

from orchestration.why.answer import Identifier, Link, Standing
from orchestration.why.asked import Asked

PROFILE = (
    "lifecycle_stage",
    "country",
    "time_zone",
    "household_id",
    "favourite_store_id",
    "order_count",
    "net_amount",
    "first_seen_at",
    "last_seen_at",
    "last_ordered_at",
    "identity_version",
)
MOST_LINKS = 40
LINKS = """
select left_type, left_identifier, right_type, right_identifier, rule, is_accepted,
    coalesce(refusal_reason, ''), coalesce(evidence_count, 0) as evidence_count,
    coalesce(cast(sources as varchar), '')
from fct_customer_links"""


def former_ids(connection: duckdb.DuckDBPyConnection, customer_id: str) -> list[str]:
    """The ids that were merged into this one, and into those."""
    rows = connection.execute(
        "with recursive merged(id) as (select ? union select c.other_customer_id from fct_identity_changes c"
        " join merged m on c.customer_id = m.id where c.kind = 'merged')"
        " select id from merged where id <> ? order by 1",
        [customer_id, customer_id],
    ).fetchall()
    return [str(row[0]) for row in rows]


def profile(asked: Asked) -> Mapping[str, object]:
    """The golden record without its contact points; the name as initials unless identifiers may show."""
    columns = ", ".join(["first_name", "last_name", *PROFILE])
    [(first, last, *facts)] = asked.rows(
        f"select {columns} from dim_customers where customer_id = $customer_id"
    )
    names = [str(name) for name in (first, last) if name]
    name = " ".join(names if asked.shows_identifiers else [f"{name[:1]}." for name in names])
    return {"name": name} | dict(zip(PROFILE, facts, strict=True))


def identifiers(asked: Asked) -> tuple[Identifier, ...]:
    """Every identifier that speaks for the person, in the clear: what is shown is hidden later."""
    rows = asked.rows(
        "select identifier_type, identifier, is_shared, source_count, first_seen_at, last_seen_at"
        " from dim_customer_identifiers where customer_id = $customer_id order by 1, 2"
    )
    return tuple(Identifier(row[0], row[1], bool(row[2]), row[3] or 0, *row[4:]) for row in rows)


def shown(asked: Asked, known: tuple[Identifier, ...]) -> tuple[Identifier, ...]:
    """The identifiers as they may be shown."""
    return tuple(
        replace(each, identifier=asked.shown(each.identifier, each.identifier_type)) for each in known
    )


def links(asked: Asked) -> tuple[Link, ...]:
    """The links that touch the person's identifiers, those with most evidence first."""
    rows = asked.rows(
        f"{LINKS} where customer_id = $customer_id"
        f" order by is_accepted desc, evidence_count desc, 1, 2, 3, 4 limit {MOST_LINKS}"
    )
    return tuple(
        Link(f"{row[0]} {asked.shown(row[1], row[0])}", f"{row[2]} {asked.shown(row[3], row[2])}", *row[4:])
        for row in rows
    )


def consents(asked: Asked) -> Mapping[str, str]:
    """By channel and purpose whether it is granted, and whether the contact point bounces."""
    rows = asked.rows(
        "select channel || ' ' || purpose, is_granted, is_bounced, occurred_at from dim_customer_consents"
        " where customer_id = $customer_id order by 1"
    )
    return {
        channel: ("granted" if granted else "not granted")
        + (", but its address bounces" if bounced else "")
        + (f" (since {since:%Y-%m-%d})" if since else "")
        for channel, granted, bounced, since in rows
    }


def standing(asked: Asked, as_of: datetime) -> tuple[Standing, ...]:
    """The segments and suppressions of now, suppressions first."""
    rows = asked.rows(
        "select kind, audience, coalesce(scope_key, ''), coalesce(reason, ''), expires_at from fct_audience_members"
        " where customer_id = $customer_id and (expires_at is null or expires_at > $now) order by kind desc, 2, 3, 4",
        now=as_of,
    )
    return tuple(Standing(*row) for row in rows)
