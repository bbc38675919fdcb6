-- What a colleague at the till may see when a loyalty card is shown: five facts, and nothing else.
with
    flagged as (
        select distinct m.customer_id
        from {{ ref("fct_audience_members") }} as m
        left join {{ ref("suppressions") }} as s on s.audience = m.audience
        where
            m.kind = 'suppression'
            and (m.audience = 'holdout' or coalesce(s.is_listed, false))
            and (m.expires_at is null or m.expires_at > {{ as_of() }})
    ),
    next_offers as (
        select customer_id, min(product_category) as product_category
        from {{ ref("fct_audience_members") }}
        where
            audience = 'likely_next_category' and (expires_at is null or expires_at > {{ as_of() }})
        group by customer_id
    ),
    cards as (
        select
            i.identifier as loyalty_card,
            c.customer_id,
            c.lifecycle_stage,
            coalesce(x.open_case_count, 0) > 0 as has_open_case,
            x.last_purchased_category,
            f.customer_id is not null as is_do_not_promote,
            case when f.customer_id is null then n.product_category end as next_offer_category
        from {{ ref("dim_customer_identifiers") }} as i
        join {{ ref("dim_customers") }} as c on c.customer_id = i.customer_id
        left join {{ ref("dim_customer_context") }} as x on x.customer_id = c.customer_id
        left join flagged as f on f.customer_id = c.customer_id
        left join next_offers as n on n.customer_id = c.customer_id
        where i.identifier_type = 'loyalty_card' and not i.is_shared
    )
select
    -- keys
    'till_cards' as sync_id,
    {{ member_key_of(json_object([["card", "loyalty_card"]])) }} as member_key,
    -- identifiers
    {{ json_object([["card", "loyalty_card"]]) }} as identity,
    customer_id,
    cast(null as string) as decision_id,
    -- facts
    {{
        json_object(
            [
                ["lifecycle_stage", "lifecycle_stage"],
                ["has_open_case", "has_open_case", "raw"],
                ["last_purchased_category", "last_purchased_category"],
                ["is_do_not_promote", "is_do_not_promote", "raw"],
                ["next_offer_category", "next_offer_category"],
            ]
        )
    }} as payload
from cards
