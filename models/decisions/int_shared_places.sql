-- For every candidate with room of its own, the caps it shares with others (a household, an
-- address, a capacity, a budget), and the room those had left when the run began.
with
    candidates as (
        select
            g.customer_id,
            g.message_number,
            g.household_id,
            g.contact_type,
            g.contact_point,
            g.segment_mask,
            g.is_withheld,
            g.product_id,
            g.product_category,
            m.channel,
            m.category,
            m.campaign,
            m.exclusion_group,
            m.message_id,
            m.tier,
            m.cost_milli,
            m.count_to_caps
        from {{ ref("int_candidates__roomed") }} as r
        join
            {{ ref("int_candidates__gated") }} as g
            on g.customer_id = r.customer_id
            and g.message_number = r.message_number
        join {{ ref("int_messages__ready") }} as m on m.message_number = r.message_number
        where not r.exempt_caps and r.cap_mask = 0 and r.worth >= 0
    ),
    places as (
        select
            c.*,
            p.policy_id,
            p.from_tier,
            p.unit,
            p.most,
            p.measure,
            {{ unit_id("p.unit", "c") }} as unit_id,
            {{ scope_value("p.scope_type", "c") }} as scope_key
        from candidates as c
        join
            {{ ref("int_caps__ready") }} as p
            on p.unit <> 'customer'
            and (p.segment_bit = 0 or (p.segment_bit & c.segment_mask) <> 0)
            and (p.measure = 'count' or c.cost_milli > 0)
            and {{ is_in_scope("p", "c") }}
    )
select
    -- keys
    p.customer_id,
    p.message_number,
    p.policy_id,
    cast(p.policy_id as string)
    || '|'
    || cast(p.from_tier as string)
    || '|'
    || p.unit_id
    || '|'
    || p.scope_key as pool_id,
    -- facts
    p.most - coalesce(n.used, 0) as room,
    -- of a limit lowered for later tiers the first ones take, but it does not stop them
    p.from_tier <= p.tier as is_bound,
    case when p.measure = 'money' then p.cost_milli else 1 end as needs,
    case
        when p.is_withheld or (p.measure = 'count' and not p.count_to_caps)
        then 0
        when p.measure = 'money'
        then p.cost_milli
        else 1
    end as takes
from places as p
left join
    {{ ref("int_cap_counts") }} as n
    on n.policy_id = p.policy_id
    and n.unit = p.unit
    and n.unit_id = p.unit_id
    and n.scope_key = p.scope_key
where p.unit_id is not null
