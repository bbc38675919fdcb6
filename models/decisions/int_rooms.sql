-- How many more contacts each customer's caps leave, and where none is left the policy * 1000 + how
-- many places more it would have had to allow (0: none, or several caps would); only where that is
-- less than anybody without a contact has. A band is the tiers from one on: where places are kept
-- for the first tiers, later bands have less room.
with
    bands as (select distinct scope_type, from_tier from {{ ref("int_caps__in_force") }}),
    caps as (
        select
            p.segment_mask,
            p.policy_id,
            p.most,
            v.scope_type,
            v.value_number,
            b.from_tier as band,
            case
                when p.scope_type in ('product', 'product_category')
                then 999999
                else
                    min(p.most * 1000 + p.policy_id) over (
                        partition by p.segment_mask, v.value_number, b.from_tier
                    )
            end as full_room
        from {{ ref("int_caps__in_force") }} as p
        join
            {{ ref("int_scope_values") }} as v
            on v.scope_type = p.scope_type
            and p.scope_key in ('*', v.scope_key)
        join bands as b on b.scope_type = p.scope_type and b.from_tier >= p.from_tier
    ),
    rooms as (
        select
            c.customer_number,
            p.scope_type,
            p.value_number,
            p.band,
            min(greatest(p.most - c.used, 0) * 1000 + p.policy_id) * 1000 + case
                when
                    min(case when c.used >= p.most then p.policy_id end)
                    = max(case when c.used >= p.most then p.policy_id end)
                then least(max(c.used - p.most) + 1, 999)
                else 0
            end as room
        from {{ ref("int_customer_counts") }} as c
        join
            caps as p
            on p.policy_id = c.policy_id
            and p.value_number = c.value_number
            and p.segment_mask = c.segment_mask
        -- what leaves as much room as anybody has, and some, says nothing
        where c.used >= p.most or greatest(p.most - c.used, 0) * 1000 + p.policy_id < p.full_room
        group by c.customer_number, p.scope_type, p.value_number, p.band, p.full_room
        having min(greatest(p.most - c.used, 0) * 1000 + p.policy_id) < p.full_room
    )
select
    -- keys
    customer_number,
    scope_type,
    value_number,
    band,
    -- facts
    {{ packed_room(whole_division("room", 1000000), room_unit_of("scope_type")) }} as rooms,
    {{ shortage_of("room") }} as shortage
from rooms
