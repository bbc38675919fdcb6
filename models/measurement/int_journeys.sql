-- Touches joined to the order they came before, or to a journey that led nowhere (yet), of newer
-- batches; who has none left leaves an empty row.
{{ config(unique_key="customer_id") }}
{% set order = "moments.occurred_at, moments.is_order, moments.moment_id" %}
{% set window_seconds = var("journey_days") ~ " * 86400" %}
with
    changed as (
        select *
        from {{ ref("int_journey_customers") }}
        {% if is_incremental() %}
            where batch > (select coalesce(max(batch), 0) from {{ this }})
        {% endif %}
    ),
    walked as (
        select
            changed.customer_number,
            moments.occurred_at,
            moments.is_order,
            moments.moment_id,
            moments.step_number,
            row_number() over (partition by changed.customer_number order by {{ order }}) as place,
            {% for name in ["moment_id", "occurred_at", "revenue_amount"] %}
                {{
                    next_known(
                        "case when moments.is_order = 1 then moments." ~ name ~ " end",
                        "changed.customer_number",
                        order,
                    )
                }} as next_{{ name }}{{ "," if not loop.last }}
            {% endfor %}
        from {{ ref("int_journey_moments") }} as moments
        inner join changed on changed.customer_number = moments.customer_number
    ),
    led as (
        select
            *,
            {{ seconds_between("occurred_at", "next_occurred_at") }} as seconds_before,
            next_occurred_at is not null
            and {{ seconds_between("occurred_at", "next_occurred_at") }}
            <= {{ window_seconds }} as is_converted
        from walked
        where is_order = 0
    ),
    begun as (
        select
            *,
            min(occurred_at) over (
                partition by customer_number, next_moment_id, is_converted
            ) as first_occurred_at
        from led
    ),
    journeys as (
        select
            customer_number,
            next_moment_id,
            is_converted,
            min_by(moment_id, place) as first_touch_id,
            count(*) as touch_count,
            max(next_revenue_amount) as revenue_amount,
            {{ array_in_order("step_number", "place") }} as path,
            {{ array_in_order("moment_id", "place", "is_converted") }} as touch_ids,
            {{ array_in_order("seconds_before", "place", "is_converted") }} as seconds_before,
            min(occurred_at) as started_at,
            max(occurred_at) as last_touch_at,
            max(next_occurred_at) as ordered_at
        from begun
        -- what leads nowhere is cut where it would be longer than what leads somewhere may be
        group by
            customer_number,
            next_moment_id,
            is_converted,
            case
                when is_converted
                then 0
                else
                    {{
                        whole_division(
                            seconds_between("first_occurred_at", "occurred_at"),
                            "(" ~ window_seconds ~ ")",
                        )
                    }}
            end
    )
select
    changed.customer_id,
    changed.bucket,
    changed.batch,
    case when journeys.is_converted then journeys.next_moment_id end as conversion_id,
    journeys.first_touch_id,
    journeys.next_moment_id is not null as is_over,
    cast(journeys.touch_count as bigint) as touch_count,
    case when journeys.is_converted then journeys.revenue_amount end as revenue_amount,
    journeys.path,
    case when journeys.is_converted then journeys.touch_ids end as touch_ids,
    case when journeys.is_converted then journeys.seconds_before end as seconds_before,
    journeys.started_at,
    journeys.last_touch_at,
    case when journeys.is_converted then journeys.ordered_at end as ended_at
from changed
left join journeys on journeys.customer_number = changed.customer_number
