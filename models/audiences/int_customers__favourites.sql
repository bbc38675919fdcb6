-- The category a customer spent most on; one bought just now only if there is no other.
{{ config(materialized="table") }}
with
    ranked as (
        select
            customer_id,
            product_category,
            row_number() over (
                partition by customer_id
                order by
                    case when is_bought_recently then 1 else 0 end, amount desc, product_category
            ) as place
        from {{ ref("int_customer_categories__counted") }}
    )
select customer_id, product_category as favourite_category
from ranked
where place = 1
