-- Third and last round: what the chosen message has left room for, and again each customer's best.
with
    lowered as (
        select
            o.customer_id,
            o.message_number,
            o.choice_key,
            o.global_room - 1 as global_room,
            o.channel_room - p.shared_channel as channel_room,
            o.category_room - p.shared_category as category_room,
            o.campaign_room - p.shared_campaign as campaign_room,
            o.group_room - p.shared_group as group_room
        from {{ ref("int_round_2") }} as o
        join
            {{ ref("int_message_pairs") }} as p
            on p.winner_number = o.winner_number
            and p.loser_number = o.message_number
        where not o.is_chosen
    ),
    open_candidates as (
        select *
        from lowered
        where
            global_room > 0
            and channel_room > 0
            and category_room > 0
            and campaign_room > 0
            and group_room > 0
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
