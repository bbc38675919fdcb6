-- What each message must be worth beyond the others: the attention it takes, and what a place under
-- the caps and budgets it shares with everybody was last worth.
with
    messages as (
        -- which product it will be is not known yet
        select *, cast(null as string) as product_id, cast(null as string) as product_category
        from {{ ref("int_messages__ready") }}
    ),
    prices as (
        select m.message_number, p.amount, cast(0 as double) as place_amount
        from messages as m
        join
            {{ ref("prices") }} as p
            on {{ is_valid_now("p") }}
            and p.from_tier <= m.tier
            and {{ is_in_scope("p", "m") }}
        union all
        select
            m.message_number,
            s.price
            * case when c.measure = 'money' then m.cost_milli / 1000.0e0 else 1 end as amount,
            s.price
            * case when c.measure = 'money' then m.cost_milli / 1000.0e0 else 1 end as place_amount
        from messages as m
        join
            {{ ref("int_caps__ready") }} as c
            on c.unit = 'all'
            and c.segment_bit = 0
            and c.from_tier = 0
            and {{ is_in_scope("c", "m") }}
        join {{ ref("stg_downbeat__prices") }} as s on s.policy_id = c.policy_id
        where m.tier > 0 and not s.is_future
    )
select
    -- keys
    message_number,
    -- facts
    cast(round(1000000 * sum(amount)) as bigint) as price,
    cast(round(1000000 * sum(place_amount)) as bigint) as place_price
from prices
group by message_number
