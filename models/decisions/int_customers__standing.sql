-- What the gates need to know of a customer: their clock, where they can be reached, what is
-- against everything, holdout.
with
    held_out as (
        select distinct customer_id
        from {{ ref("fct_audience_members") }}
        where
            kind = 'suppression'
            and audience = 'holdout'
            and (expires_at is null or expires_at > {{ as_of() }})
    )
select
    -- keys
    c.customer_id,
    k.clock_id,
    k.household_id,
    -- identifiers
    c.email,
    c.phone,
    c.device_token,
    c.loyalty_card,
    c.cookie_id,
    -- facts
    k.tie_bucket,
    k.segment_mask,
    coalesce(b.block_mask, 0) as block_mask,
    h.customer_id is not null as is_held_out
from {{ ref("dim_customers") }} as c
join {{ ref("int_customer_clocks") }} as k on k.customer_id = c.customer_id
left join
    {{ ref("int_customer_blocks") }} as b on b.customer_id = c.customer_id and b.scope_key = '*'
left join held_out as h on h.customer_id = c.customer_id
