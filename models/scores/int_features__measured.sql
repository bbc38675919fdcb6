-- What was known of each customer at each cutoff: nothing that happened or came in later.
{{ config(materialized="view") }}
with
    seen as (
        select
            cutoffs.cutoff_number,
            events.customer_id,
            events.kind,
            events.amount_cents,
            {{
                whole_division(
                    seconds_between("events.occurred_at", "cutoffs.cutoff_at"), "86400"
                )
            }} as age_days
        from {{ ref("int_score_cutoffs") }} as cutoffs
        inner join
            {{ ref("int_score_events") }} as events
            on events.occurred_at < cutoffs.cutoff_at
            and events.known_at <= cutoffs.cutoff_at
    ),
    counted as (
        select
            cutoff_number,
            customer_id,
            {{ within_days("order") }} as order_count,
            {{ within_days("order", 90) }} as order_count_90d,
            {{ within_days("order", 30) }} as order_count_30d,
            {{ within_days("order", 90, "amount_cents") }} as spent_cents_90d,
            {{ within_days("refund", 90) }} as refund_count_90d,
            {{ within_days("visit", 30) }} as visit_count_30d,
            {{ within_days("product_view", 7) }} as view_count_7d,
            {{ within_days("add_to_cart", 7) }} as cart_count_7d,
            {{ within_days("sent", 30) }} as sent_count_30d,
            {{ within_days("sent", 7) }} as sent_count_7d,
            {{ within_days("opened", 30) }} as opened_count_30d,
            {{ within_days("clicked", 90) }} as clicked_count_90d,
            {{ within_days("ticket", 30) }} as ticket_count_30d,
            min(case when kind = 'order' then age_days end) as order_silent_days,
            max(case when kind = 'order' then age_days end) as order_age_days,
            min(case when kind = 'visit' then age_days end) as visit_silent_days,
            max(age_days) as known_days
        from seen
        group by cutoff_number, customer_id
    )
select
    -- keys
    cutoff_number,
    customer_id,
    -- features
    cast(case when order_count > 0 then 1 else 0 end as bigint) as has_ordered,
    order_count,
    order_count_90d,
    order_count_30d,
    cast(coalesce(order_silent_days, 365) as bigint) as order_silent_days,
    cast(
        case
            when order_count > 1
            then {{ whole_division("order_age_days - order_silent_days", "order_count - 1") }}
            else 0
        end as bigint
    ) as order_gap_days,
    cast({{ whole_division("spent_cents_90d", "100") }} as bigint) as spent_90d,
    refund_count_90d,
    cast(known_days as bigint) as known_days,
    visit_count_30d,
    cast(coalesce(visit_silent_days, 365) as bigint) as visit_silent_days,
    view_count_7d,
    cart_count_7d,
    sent_count_30d,
    sent_count_7d,
    opened_count_30d,
    clicked_count_90d,
    ticket_count_30d
from counted
