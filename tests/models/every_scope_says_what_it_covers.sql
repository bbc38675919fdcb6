-- A scope names the product or category its row carries, or a channel or ticket, or everything.
select audience, customer_id, scope_key, product_id, product_category
from {{ ref("fct_audience_members") }}
where
    not (
        scope_key = 'all'
        or scope_key like 'channel:_%'
        or scope_key like 'ticket:_%'
        or coalesce(scope_key = 'product:' || product_id, false)
        or coalesce(scope_key = 'category:' || product_category, false)
    )
