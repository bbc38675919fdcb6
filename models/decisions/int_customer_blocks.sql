-- Suppression rules in force per customer as one number: bit n is rule number n. Rows with a
-- scope key block only what
-- matches it (a product, a category, a channel); rows without one block whatever the rule names.
with
    rules as (
        select audience, scope_type, cast(round(power(2, rule_number)) as bigint) as rule_bit
        from {{ ref("suppressions") }}
    ),
    blocks as (
        select distinct
            m.customer_id,
            case
                when r.scope_type = 'match' then coalesce(m.scope_key, '') else '*'
            end as scope_key,
            r.rule_bit
        from {{ ref("fct_audience_members") }} as m
        join rules as r on r.audience = m.audience
        where m.kind = 'suppression' and (m.expires_at is null or m.expires_at > {{ as_of() }})
    )
select customer_id, scope_key, cast(sum(rule_bit) as bigint) as block_mask
from blocks
group by customer_id, scope_key
