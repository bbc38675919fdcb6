-- For every candidate with room of its own, the caps it shares with others (a household, an
-- address, a capacity, a budget), and the room those had left when the run began.
with
    messages as (
        -- which product it will be is the candidate's own
        select *, cast(null as string) as product_id, cast(null as string) as product_category
        from {{ ref("int_messages__ready") }}
    ),
    shared_caps as (
        select
            m.*,
            p.policy_id,
            p.from_tier,
            p.unit,
            p.most,
            p.measure,
            p.segment_bit,
            p.scope_type,
            p.scope_key as named_key,
            {{ scope_value("p.scope_type", "m") }} as message_key
        from {{ ref("int_caps__ready") }} as p
        join
            messages as m
            on p.unit <> 'customer'
            and (p.measure = 'count' or m.cost_milli > 0)
            and (p.scope_type in ('product', 'product_category') or {{ is_in_scope("p", "m") }})
    ),
    candidates as (
        select
            p.*,
            r.customer_number,
            (r.reason_mask & 2048) <> 0 as is_withheld,
            k.household_id,
            -- where somebody is written to matters to few caps
            case when p.unit = 'contact_point' then k.customer_id end as customer_id,
            {{ contact_point_of("case p.unit when 'contact_point' then p.contact_type end", "k") }}
            as own_point,
            coalesce(p.message_key, v.scope_key) as scope_key
        from {{ ref("int_candidates__roomed") }} as r
        join shared_caps as p on p.message_number = r.message_number
        join {{ ref("int_customers__standing") }} as k on k.customer_number = r.customer_number
        left join
            {{ ref("int_scope_values") }} as v
            on v.value_number = case
                p.scope_type
                when 'product'
                then r.product_value
                when 'product_category'
                then r.product_category_value
            end
        where
            r.choice_key is not null
            and (p.segment_bit = 0 or (p.segment_bit & k.segment_mask) <> 0)
    ),
    pointed as (
        select c.*, coalesce(s.contact_point, c.own_point) as contact_point
        from candidates as c {{ consent_of("c", "c") }}
        where c.scope_key <> '' and c.named_key in ('*', c.scope_key)
    ),
    places as (select *, {{ unit_id("unit", "pointed") }} as unit_id from pointed)
select
    -- keys
    p.customer_number,
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
