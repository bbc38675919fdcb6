-- Promises in force now, caps and budgets alike. A promise that keeps places for the first tiers
-- is two: one for everybody, and a lower one from the tier on that may not use them.
with
    promises as (
        select
            policy_id,
            unit,
            scope_type,
            scope_key,
            segment,
            'count' as measure,
            max_n as most,
            coalesce(reserve_n, 0) as reserve_n,
            reserve_tier,
            window_n,
            window_unit
        from {{ ref("caps") }} as caps
        where {{ is_valid_now("caps") }}
        union all
        select
            budget_id as policy_id,
            'all' as unit,
            scope_type,
            scope_key,
            '*' as segment,
            'money' as measure,
            cast(round(1000 * amount) as bigint) as most,
            0 as reserve_n,
            cast(null as bigint) as reserve_tier,
            window_n,
            window_unit
        from {{ ref("budgets") }} as budgets
        where {{ is_valid_now("budgets") }}
    ),
    steps as (
        select *, cast(0 as bigint) as from_tier, most as most_here
        from promises
        union all
        select *, reserve_tier + 1 as from_tier, most - reserve_n as most_here
        from promises
        where reserve_n > 0
    )
select
    -- keys
    p.policy_id,
    p.from_tier,
    -- facts
    p.unit,
    p.scope_type,
    p.scope_key,
    p.measure,
    p.most_here as most,
    p.window_n,
    p.window_unit,
    coalesce(s.segment_bit, 0) as segment_bit
from steps as p
left join {{ ref("int_cap_segments") }} as s on s.segment = p.segment
