-- A customer's shopping days in order, each with the category that weighed most.
{{ config(materialized="table") }}
with
    categories as (
        select
            customer_id,
            cast(purchased_at as date) as bought_date,
            product_category,
            sum(amount) as amount,
            max(purchased_at) as last_bought_at
        from {{ ref("fct_purchases") }}
        where customer_id is not null and product_category is not null and not is_refund
        group by customer_id, cast(purchased_at as date), product_category
    ),
    ranked as (
        select
            customer_id,
            bought_date,
            product_category,
            last_bought_at,
            row_number() over (
                partition by customer_id, bought_date order by amount desc, product_category
            ) as place
        from categories
    )
select
    -- keys
    customer_id,
    bought_date,
    -- facts
    product_category,
    lead(product_category) over (partition by customer_id order by bought_date) as next_category,
    row_number() over (partition by customer_id order by bought_date desc) as recency,
    -- times
    last_bought_at
from ranked
where place = 1
