-- Put something into the basket, left, and did not order.
select
    customer_id,
    'left product ' || cart_product_id || ' in the basket' as reason,
    'product:' || cart_product_id as scope_key,
    cart_product_id as product_id,
    cart_category as product_category,
    {{ add_seconds("cart_added_at", var("cart_abandoned_after_hours") * 3600) }} as entered_at,
    {{ add_seconds("cart_added_at", var("cart_abandoned_within_days") * 86400) }} as expires_at
from {{ ref("fct_intent") }}
where
    {{ seconds_between("cart_added_at", as_of()) }}
    >= {{ var("cart_abandoned_after_hours") }} * 3600
    and {{ seconds_between("cart_added_at", as_of()) }}
    < {{ var("cart_abandoned_within_days") }} * 86400
