-- Who bought which item when; an item is a product's name, so that sizes and colours are one.
select
    -- keys
    bought.customer_id,
    products.name as item,
    cast(bought.purchased_at as date) as bought_date,
    -- facts
    max(products.category) as product_category
from {{ ref("fct_purchases") }} as bought
inner join {{ ref("stg_shop__products") }} as products on products.product_id = bought.product_id
where bought.customer_id is not null and not bought.is_refund and products.name is not null
group by bought.customer_id, products.name, cast(bought.purchased_at as date)
