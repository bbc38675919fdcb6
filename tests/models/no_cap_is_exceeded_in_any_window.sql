-- Every promise of caps.csv, recounted from raw contacts and this run's decisions by the
-- customer's own dates: for customers, households and addresses. What no cap can stop may go over.
with
    offsets as (
        select d.customer_id, d.household_id, o.offset_minutes, o.utc_from, o.utc_to
        from {{ ref("dim_customers") }} as d
        join {{ ref("time_zone_offsets") }} as o on o.time_zone = d.time_zone
    ),
    counted as (
        select
            customer_id,
            message_id,
            channel,
            category,
            campaign,
            product_id,
            product_category,
            contact_type,
            contact_point,
            send_after as counted_at,
            1 as is_ours
        from {{ ref("fct_decisions") }}
        where run_id = {{ run_id() }} and count_to_caps
        union all
        select
            c.customer_id,
            c.message_id,
            c.channel,
            c.category,
            c.campaign,
            c.product_id,
            c.product_category,
            c.contact_type,
            c.contact_point,
            c.counted_at,
            0 as is_ours
        from {{ ref("fct_contacts") }} as c
        where
            c.count_to_caps
            and c.state <> 'released'
            and coalesce(c.decision_id, '') not in (
                select decision_id from {{ ref("fct_decisions") }} where run_id = {{ run_id() }}
            )
    ),
    dated as (
        select
            c.*,
            m.exclusion_group,
            h.household_id,
            case when m.exempt_caps then 0 else c.is_ours end as is_bound,
            {{ add_seconds("c.counted_at", "60 * coalesce(o.offset_minutes, 0)") }} as local_at,
            {{ add_seconds(as_of(), "60 * coalesce(n.offset_minutes, 0)") }} as local_now_at
        from counted as c
        left join {{ ref("dim_customers") }} as h on h.customer_id = c.customer_id
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
    caps as (
        select p.* from {{ ref("caps") }} as p where p.unit <> 'all' and {{ is_valid_now("p") }}
    ),
    members as (
        select distinct audience, customer_id
        from {{ ref("fct_audience_members") }}
        where expires_at is null or expires_at > {{ as_of() }}
    ),
    named as (
        select
            p.policy_id,
            p.max_n,
            d.is_bound,
            {{ scope_value("p.scope_type", "d") }} as scope_key,
            case
                p.unit
                when 'customer'
                then d.customer_id
                when 'household'
                then d.household_id
                else d.contact_type || ':' || d.contact_point
            end as unit_id
        from dated as d
        cross join caps as p
        left join members as s on s.customer_id = d.customer_id and s.audience = p.segment
        where
            p.scope_key in ('*', {{ scope_value("p.scope_type", "d") }})
            and (p.segment = '*' or s.customer_id is not null)
            and not (
                p.segment = '*'
                and exists (
                    select 1
                    from caps as q
                    join members as t on t.audience = q.segment
                    where
                        t.customer_id = d.customer_id
                        and q.segment <> '*'
                        and q.unit = p.unit
                        and q.scope_type = p.scope_type
                        and q.scope_key = p.scope_key
                        and q.window_n = p.window_n
                        and q.window_unit = p.window_unit
                )
            )
            and case
                p.window_unit
                when 'hour'
                then d.counted_at > {{ add_seconds(as_of(), "-3600 * p.window_n") }}
                when 'day'
                then {{ days_between("d.local_at", "d.local_now_at") }} < p.window_n
                when 'week'
                then
                    d.local_at
                    >= {{ add_seconds(monday_of("d.local_now_at"), "-604800 * (p.window_n - 1)") }}
                else
                    {{ month_number("d.local_now_at") }} - {{ month_number("d.local_at") }}
                    < p.window_n
            end
    )
select policy_id, unit_id, scope_key, max_n, count(*) as contact_count
from named
where scope_key <> '' and unit_id is not null
group by policy_id, unit_id, scope_key, max_n
having count(*) > max_n and sum(is_bound) > 0
