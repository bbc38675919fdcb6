-- Candidates whose product, category, channel or message alone is what something is against, or
-- what their customer is held out from: few.
with
    exceptions as (
        select customer_id, scope_key, block_mask, false as is_held_out, false as is_replaced
        from {{ ref("int_customer_blocks") }}
        where scope_key <> '*'
        union all
        select
            customer_id,
            scope as scope_key,
            cast(0 as bigint) as block_mask,
            true as is_held_out,
            is_replaced
        from {{ ref("int_customer_arms") }}
        where is_held_out
    ),
    numbered as (
        select
            k.customer_number,
            e.scope_key,
            e.block_mask,
            e.is_held_out,
            -- who is held out from everything leaves every place empty
            e.is_replaced and not k.is_held_out as is_replaced
        from exceptions as e
        join {{ ref("int_customers__standing") }} as k on k.customer_id = e.customer_id
    )
select
    -- keys
    c.customer_number,
    c.message_number,
    -- facts
    bit_or(e.block_mask) as block_mask,
    max(case when e.is_held_out then 1 else 0 end) = 1 as is_held_out,
    -- only what is withheld and takes a place can give it, and not where another holdout keeps it
    -- empty
    max(
        case
            when e.is_replaced and m.holdout and m.count_to_caps and not m.exempt_caps then 1 else 0
        end
    )
    = 1
    and max(case when e.is_held_out and not e.is_replaced then 1 else 0 end) = 0 as gives_place
from {{ ref("fct_candidates") }} as c
join {{ ref("int_messages__ready") }} as m on m.message_number = c.message_number
join
    numbered as e
    on e.customer_number = c.customer_number
    and e.scope_key in (
        'product:' || c.product_id,
        'category:' || c.product_category,
        'channel:' || m.channel,
        'message:' || m.message_id
    )
group by c.customer_number, c.message_number
