-- Suppression rules in force per customer as one number: bit n is rule number n. Rows with a
-- scope key block only what matches it (a product, a category, a channel); rows without one block
-- whatever the rule names. A rule about the household blocks everybody in it.
with
    rules as (
        select audience, scope_type, unit, cast(round(power(2, rule_number)) as bigint) as rule_bit
        from {{ ref("suppressions") }} as s
        where {{ is_valid_now("s") }}
    ),
    found as (
        select
            m.customer_id,
            c.household_id,
            r.unit,
            case
                when r.scope_type = 'match' then coalesce(m.scope_key, '') else '*'
            end as scope_key,
            r.rule_bit
        from {{ ref("fct_audience_members") }} as m
        join rules as r on r.audience = m.audience
        left join {{ ref("dim_customers") }} as c on c.customer_id = m.customer_id
        where m.kind = 'suppression' and (m.expires_at is null or m.expires_at > {{ as_of() }})
    ),
    blocks as (
        select customer_id, scope_key, rule_bit
        from found
        union
        select c.customer_id, f.scope_key, f.rule_bit
        from found as f
        join {{ ref("dim_customers") }} as c on c.household_id = f.household_id
        where f.unit = 'household'
    )
select
    -- keys
    customer_id,
    scope_key,
    -- facts
    cast(sum(rule_bit) as bigint) as block_mask
from blocks
group by customer_id, scope_key
