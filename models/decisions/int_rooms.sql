-- How many more contacts each customer's caps leave, as (room * 1000 + policy) * 1000 + how many
-- places more it would have had to allow (0: none, or several caps would); only where something
-- counts. A band is the tiers from one on: where places are kept for the first tiers,
-- later bands have less room.
with bands as (select distinct scope_type, from_tier from {{ ref("int_caps__in_force") }})
select
    -- keys
    c.unit_id as customer_id,
    p.scope_type,
    c.scope_key,
    b.from_tier as band,
    -- facts
    min(greatest(p.most - c.used, 0) * 1000 + p.policy_id) * 1000 + case
        when
            min(case when c.used >= p.most then p.policy_id end)
            = max(case when c.used >= p.most then p.policy_id end)
        then least(max(c.used - p.most) + 1, 999)
        else 0
    end as room
from {{ ref("int_cap_counts") }} as c
join {{ ref("int_customer_clocks") }} as k on k.customer_id = c.unit_id
join
    {{ ref("int_caps__in_force") }} as p
    on p.policy_id = c.policy_id
    and p.segment_mask = k.segment_mask
join bands as b on b.scope_type = p.scope_type and b.from_tier >= p.from_tier
where c.unit = 'customer'
group by c.unit_id, p.scope_type, c.scope_key, b.from_tier
