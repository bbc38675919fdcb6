-- Before the first round: what competes, with its rooms. What takes no room is chosen at once, as
-- far as the caps it shares have room.
with
    ends as (
        select customer_number, message_number, min(policy_id) as shared_policy_id
        from {{ ref("int_shared_places") }}
        where is_bound and room < needs
        group by customer_number, message_number
    )
select
    -- keys
    r.customer_number,
    r.message_number,
    r.choice_key,
    r.product_value,
    r.product_category_value,
    cast(null as bigint) as winner_number,
    coalesce(e.shared_policy_id, 0) as shared_policy_id,
    -- facts
    not r.count_to_caps and e.customer_number is null as is_chosen,
    r.count_to_caps and e.customer_number is null as is_open,
    r.rooms
from {{ ref("int_candidates__roomed") }} as r
left join ends as e on e.customer_number = r.customer_number and e.message_number = r.message_number
where not r.exempt_caps and r.cap_mask = 0 and r.worth >= 0
