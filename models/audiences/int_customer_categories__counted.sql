-- How often, how much and when a customer bought of each category.
{{ config(materialized="table") }}
with
    shopping_days as (
        select
            customer_id,
            product_category,
            cast(purchased_at as date) as bought_date,
            sum(amount) as amount
        from {{ ref("fct_purchases") }}
        where customer_id is not null and product_category is not null and not is_refund
        group by customer_id, product_category, cast(purchased_at as date)
    )
select
    -- keys
    customer_id,
    product_category,
    -- facts
    count(*) as shopping_day_count,
    cast(sum(amount) as decimal(18, 2)) as amount,
    {{ days_between("max(bought_date)", as_of()) }}
    <= {{ var("bought_recently_days") }} as is_bought_recently,
    -- times
    min(bought_date) as first_bought_date,
    max(bought_date) as last_bought_date
from shopping_days
group by customer_id, product_category
