-- Spent much in the last year, refunds taken off.
with
    last_year as (
        select
            customer_id,
            cast(sum(amount) as decimal(18, 2)) as net_amount,
            max(purchased_at) as last_bought_at
        from {{ ref("fct_purchases") }}
        where customer_id is not null and {{ days_between("purchased_at", as_of()) }} <= 365
        group by customer_id
    )
select
    last_year.customer_id,
    'spent ' || cast(last_year.net_amount as string) || ' in the last year' as reason,
    'all' as scope_key,
    cast(null as string) as product_id,
    favourites.favourite_category as product_category,
    last_year.last_bought_at as entered_at,
    cast(null as timestamp) as expires_at
from last_year
left join
    {{ ref("int_customers__favourites") }} as favourites
    on favourites.customer_id = last_year.customer_id
where last_year.net_amount >= {{ var("high_value_amount") }}
