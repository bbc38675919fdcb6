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
    not m.count_to_caps and e.customer_number is null as is_chosen,
    m.count_to_caps and e.customer_number is null as is_open,
    r.rooms
from {{ ref("int_candidates__roomed") }} as r
join {{ ref("int_messages__ready") }} as m on m.message_number = r.message_number
left join ends as e on e.customer_number = r.customer_number and e.message_number = r.message_number
where r.choice_key is not null
