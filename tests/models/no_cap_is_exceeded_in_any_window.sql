-- Every promise of caps.csv, recounted from raw contacts and this run's decisions by the
-- customer's own dates.
with
    offsets as (
        select d.customer_id, o.offset_minutes, o.utc_from, o.utc_to
        from {{ ref("dim_customers") }} as d
        join {{ ref("time_zone_offsets") }} as o on o.time_zone = d.time_zone
    ),
    decided as (
        select
            f.customer_id,
            f.message_id,
            f.channel,
            f.category,
            f.campaign,
            f.decision_id,
            f.decided_at
        from {{ ref("fct_decisions") }} as f
        where f.run_id = {{ run_id() }} and f.count_to_caps
    ),
    counted as (
        select
            customer_id,
            message_id,
            channel,
            category,
            campaign,
            decided_at as counted_at,
            1 as is_ours
        from decided
        union all
        select
            c.customer_id,
            c.message_id,
            c.channel,
            c.category,
            c.campaign,
            c.counted_at,
            0 as is_ours
        from {{ ref("fct_contacts") }} as c
        left join decided as d on d.decision_id = c.decision_id
        where
            c.count_to_caps
            and c.state <> 'released'
            and d.decision_id is null
            and c.customer_id in (select customer_id from decided)
    ),
    dated as (
        select
            c.*,
            m.exclusion_group,
            {{
                days_between(
                    add_seconds("c.counted_at", "60 * coalesce(o.offset_minutes, 0)"),
                    add_seconds(as_of(), "60 * coalesce(n.offset_minutes, 0)"),
                )
            }} as age_days
        from counted as c
        left join
            offsets as o
            on o.customer_id = c.customer_id
            and c.counted_at >= o.utc_from
            and c.counted_at < o.utc_to
        left join
            offsets as n
            on n.customer_id = c.customer_id
            and {{ as_of() }} >= n.utc_from
            and {{ as_of() }} < n.utc_to
        left join {{ ref("messages") }} as m on m.message_id = c.message_id
    ),
    named as (
        select
            d.customer_id,
            d.is_ours,
            p.policy_id,
            p.max_n,
            case
                p.scope_type
                when 'global'
                then '*'
                when 'channel'
                then d.channel
                when 'category'
                then d.category
                when 'campaign'
                then d.campaign
                when 'group'
                then d.exclusion_group
                else d.message_id
            end as scope_value,
            p.scope_key
        from dated as d
        cross join {{ ref("caps") }} as p
        where
            d.age_days < p.window_n
            and p.valid_from <= cast({{ as_of() }} as date)
            and (p.valid_to is null or p.valid_to >= cast({{ as_of() }} as date))
    )
select customer_id, policy_id, scope_value, max_n, count(*) as contact_count
from named
where scope_value is not null and scope_value <> '' and (scope_key = '*' or scope_key = scope_value)
group by customer_id, policy_id, scope_value, max_n
having count(*) > max_n and sum(is_ours) > 0
