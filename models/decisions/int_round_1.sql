-- First round: among the candidates that compete for room and have it everywhere, each customer's
-- best.
with
    open_candidates as (
        select
            customer_id,
            message_number,
            choice_key,
            global_room,
            channel_room,
            category_room,
            campaign_room,
            group_room
        from {{ ref("int_candidates__roomed") }}
        where count_to_caps and not exempt_caps and cap_mask = 0
    ),
    best as (
        select customer_id, min(choice_key) as choice_key from open_candidates group by customer_id
    )
select
    -- keys
    o.customer_id,
    o.message_number,
    o.choice_key,
    b.choice_key % 1024 as winner_number,
    -- facts
    o.choice_key = b.choice_key as is_chosen,
    o.global_room,
    o.channel_room,
    o.category_room,
    o.campaign_room,
    o.group_room
from open_candidates as o
join best as b on b.customer_id = o.customer_id
