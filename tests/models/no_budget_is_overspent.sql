-- What this run decided and what was spent before stay within every budget, by the clock of the
-- house; money that no cap could stop may have been spent on top.
with
    spent as (
        select d.message_id, d.send_after as counted_at, 1 as is_ours
        from {{ ref("fct_decisions") }} as d
        where d.run_id = {{ run_id() }}
        union all
        select c.message_id, c.counted_at, 0 as is_ours
        from {{ ref("fct_contacts") }} as c
        where
            c.state <> 'released'
            and coalesce(c.decision_id, '') not in (
                select decision_id from {{ ref("fct_decisions") }} where run_id = {{ run_id() }}
            )
    ),
    house as (
        select offset_minutes, utc_from, utc_to
        from {{ ref("time_zone_offsets") }}
        where time_zone = '{{ var("house_time_zone") }}'
    ),
    dated as (
        select
            m.*,
            cast(null as string) as product_id,
            cast(null as string) as product_category,
            case when m.exempt_caps then 0 else s.is_ours end as is_bound,
            {{ add_seconds("s.counted_at", "60 * o.offset_minutes") }} as local_at,
            {{ add_seconds(as_of(), "60 * n.offset_minutes") }} as local_now_at
        from spent as s
        join {{ ref("messages") }} as m on m.message_id = s.message_id
        join house as o on s.counted_at >= o.utc_from and s.counted_at < o.utc_to
        join house as n on {{ as_of() }} >= n.utc_from and {{ as_of() }} < n.utc_to
    )
select b.budget_id, b.amount, sum(d.unit_cost) as spent_amount
from dated as d
join {{ ref("budgets") }} as b on {{ is_valid_now("b") }} and {{ is_in_scope("b", "d") }}
where
    case
        b.window_unit
        when 'day'
        then {{ days_between("d.local_at", "d.local_now_at") }} < b.window_n
        when 'week'
        then
            d.local_at
            >= {{ add_seconds(monday_of("d.local_now_at"), "-604800 * (b.window_n - 1)") }}
        else {{ month_number("d.local_now_at") }} - {{ month_number("d.local_at") }} < b.window_n
    end
group by b.budget_id, b.amount, {{ scope_value("b.scope_type", "d") }}
having sum(d.unit_cost) > b.amount + 0.0005 and sum(d.is_bound) > 0
