-- What takes room or money before this run chooses anything: contacts of the past, and messages of
-- this run that no cap can stop. No further back than any cap looks, and of those a micro-run does
-- not concern only what everybody shares.
with
    windows as (
        select
            unit,
            (window_n + 1)
            * case window_unit when 'month' then 31 when 'week' then 7 else 1 end as days
        from {{ ref("int_caps__ready") }}
    ),
    remembered as (
        select
            {{ add_seconds(as_of(), "-86400 * coalesce(max(days), 0)") }} as since_at,
            {{
                add_seconds(
                    as_of(), "-86400 * coalesce(max(case when unit = 'all' then days end), 0)"
                )
            }} as shared_since_at,
            {{
                add_seconds(
                    as_of(),
                    "-86400 * coalesce(max(case when unit <> 'customer' then days end), 0)",
                )
            }} as recent_since_at
        from windows
    )
select
    -- keys
    c.customer_id,
    c.contact_type,
    c.contact_point,
    c.channel,
    c.category,
    c.campaign,
    nullif(m.exclusion_group, '') as exclusion_group,
    c.message_id,
    c.product_id,
    c.product_category,
    -- facts
    case when c.count_to_caps then 1 else 0 end as taken_count,
    cast(round(1000 * coalesce(m.unit_cost, 0)) as bigint) as cost_milli,
    c.counted_at > r.recent_since_at as is_recent,
    -- times
    c.counted_at
from {{ ref("fct_contacts") }} as c
cross join remembered as r
left join {{ ref("messages") }} as m on m.message_id = c.message_id
where
    c.state <> 'released'
    and (c.count_to_caps or coalesce(m.unit_cost, 0) > 0)
    and c.counted_at > {{ add_seconds(as_of(), "-86400 * " ~ var("contact_history_days")) }}
    -- no plain comparison: DuckDB would expect next to no contacts of it, and join them accordingly
    and {{
        seconds_between(
            "case when "
            ~ is_concerned("c.customer_id")
            ~ " then r.since_at else r.shared_since_at end",
            "c.counted_at",
        )
    }} > 0
union all
select
    -- keys
    k.customer_id,
    m.contact_type,
    coalesce(s.contact_point, {{ contact_point_of("m.contact_type", "k") }}) as contact_point,
    m.channel,
    m.category,
    m.campaign,
    nullif(m.exclusion_group, '') as exclusion_group,
    m.message_id,
    g.product_id,
    g.product_category,
    -- facts
    case when m.count_to_caps then 1 else 0 end as taken_count,
    case when g.is_withheld then 0 else m.cost_milli end as cost_milli,
    true as is_recent,
    -- times
    {{ as_of() }} as counted_at
from {{ ref("int_candidates__gated") }} as g
join {{ ref("int_messages__ready") }} as m on m.message_number = g.message_number
join
    {{ ref("int_customers__standing") }} as k on k.customer_number = g.customer_number
    {{ consent_of("k", "m") }}
where g.first_reason is null and m.exempt_caps and (m.count_to_caps or m.cost_milli > 0)
