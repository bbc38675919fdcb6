-- Looked at a product lately and has not bought it since.
with
    bought_since as (
        select intent.customer_id, count(*) as purchase_count
        from {{ ref("fct_intent") }} as intent
        inner join
            {{ ref("fct_purchases") }} as purchases
            on purchases.customer_id = intent.customer_id
            and purchases.product_id = intent.last_viewed_product_id
        where not purchases.is_refund and purchases.purchased_at >= intent.last_viewed_at
        group by intent.customer_id
    )
select
    intent.customer_id,
    'looked at product ' || intent.last_viewed_product_id as reason,
    'product:' || intent.last_viewed_product_id as scope_key,
    intent.last_viewed_product_id as product_id,
    intent.last_viewed_category as product_category,
    intent.last_viewed_at as entered_at,
    {{ add_seconds("intent.last_viewed_at", (var("browsed_within_days") + 1) * 86400) }}
    as expires_at
from {{ ref("fct_intent") }} as intent
left join bought_since on bought_since.customer_id = intent.customer_id
where
    {{ days_between("intent.last_viewed_at", as_of()) }} <= {{ var("browsed_within_days") }}
    and bought_since.customer_id is null
