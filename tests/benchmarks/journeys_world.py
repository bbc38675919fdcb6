"""Touches and orders by the million, in the shape the models of measurement leave them, and what changes in a day."""

from __future__ import annotations

import duckdb

from tests.models.rendered import build, rendered

CHANNELS = 12


def customer_number(number: str) -> str:
    """The number in a customer's id, as SQL: 60 bits of a hash, as the models of identity give them out."""
    return f"(hash(({number})::bigint) >> 4)::bigint"


def put_events(connection: duckdb.DuckDBPyConnection, customers: int, touches: int) -> None:
    """Clicks on 12 channels in half a year, in no order, and an order for every 35 of them."""
    drawn = f"""select n, h, {customer_number(f"h // 7 % {customers}")} as customer_number,
            timestamp '2026-01-01' + to_seconds((h // 13 % 15552000)::bigint) as occurred_at,
            timestamp '2026-06-30' as loaded_at
        from (select n, hash(n) as h from range({customers * touches * 36 // 35}) as r(n))"""
    connection.execute(
        f"""create table fct_contact_events as
        select 'klaviyo:' || n as event_id, 'c' || customer_number as customer_id, 'klaviyo' as source,
            'channel ' || h // 31 % {CHANNELS} as channel, 'clicked' as contact_type, null::varchar as message_id,
            'campaign ' || h // 31 % {CHANNELS} as campaign, null::varchar as decision_id, false as is_machine,
            null::decimal(18, 2) as cost_amount, occurred_at, loaded_at
        from ({drawn}) where n % 36 <> 35"""
    )
    connection.execute(
        f"""create table fct_conversions as
        select 'order:web:' || n as conversion_id, 'c' || customer_number as customer_id,
            'order' as conversion_type, (10 + h % 90)::decimal(18, 2) as revenue_amount, occurred_at, loaded_at
        from ({drawn}) where n % 36 = 35"""
    )
    connection.execute(
        f"""create table channels as
        select 'channel ' || n as channel, n::bigint as channel_number from range({CHANNELS}) as r(n);
        create table path_touches as select channel, 'clicked' as touch_type from channels"""
    )


def make_touches(connection: duckdb.DuckDBPyConnection) -> None:
    """What the models make of the events before there are journeys."""
    build(connection, ("dim_path_steps", "fct_touches"))
    connection.execute("drop table fct_contact_events")
    connection.execute(f"create view int_journey_moments as {rendered('int_journey_moments')}")


def put_news(connection: duckdb.DuckDBPyConnection) -> None:
    """A click that came late, of one customer in a hundred."""
    connection.execute(
        "insert into fct_touches by name select 'late ' || customer_id as touch_id, customer_id, customer_number,"
        " channel, 'clicked' as touch_type, campaign, step_number, false as is_machine,"
        " timestamp '2026-03-01' as occurred_at, timestamp '2026-07-01' as loaded_at"
        " from int_journey_customers, dim_path_steps where bucket = 7 and channel_number = 0"
    )


def merge_customers(connection: duckdb.DuckDBPyConnection) -> None:
    """Three customers turn out to be one."""
    one = customer_number("1")
    others = f"({customer_number('2')}, {customer_number('3')})"
    connection.execute(
        f"update fct_touches set customer_number = {one}, customer_id = 'c' || {one} where customer_number in {others};"
        f" update fct_conversions set customer_id = 'c' || {one}"
        f" where substr(customer_id, 2)::bigint in {others}"
    )
