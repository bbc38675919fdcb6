-- The category a customer buys next: one due again, else the one they like most,
-- else what buyers of their last one buy. What people bought tells more of them
-- than what others did.
{{ config(materialized="table") }}
with
    rhythms as (
        select
            customer_id,
            product_category,
            shopping_day_count,
            amount,
            {{ days_between("first_bought_date", "last_bought_date") }} as span_days,
            {{ days_between("last_bought_date", as_of()) }} as silent_days
        from {{ ref("int_customer_categories__counted") }}
        where shopping_day_count >= 3 and not is_bought_recently
    ),
    -- Due from one usual gap after the last time until two.
    due_again as (
        select
            customer_id,
            product_category,
            {{ whole_division("span_days", "shopping_day_count - 1") }} as usual_days,
            row_number() over (
                partition by customer_id
                order by shopping_day_count desc, amount desc, product_category
            ) as place
        from rhythms
        where silent_days * (shopping_day_count - 1) between span_days and 2 * span_days
    ),
    liked as (
        select favourites.customer_id, favourites.favourite_category
        from {{ ref("int_customers__favourites") }} as favourites
        inner join
            {{ ref("int_customer_categories__counted") }} as counted
            on counted.customer_id = favourites.customer_id
            and counted.product_category = favourites.favourite_category
        where not counted.is_bought_recently
    ),
    last_baskets as (
        select customer_id, product_category from {{ ref("int_baskets__summed") }} where recency = 1
    ),
    -- Five steps per category are enough to find one the customer has not just bought.
    bought_next as (
        select
            last_baskets.customer_id,
            steps.next_category,
            'buyers of '
            || steps.product_category
            || ' buy '
            || steps.next_category
            || ' next' as reason,
            row_number() over (partition by last_baskets.customer_id order by steps.place) as place
        from last_baskets
        inner join
            {{ ref("int_categories__bought_next") }} as steps
            on steps.product_category = last_baskets.product_category
            and steps.place <= 5
        left join
            {{ ref("int_customer_categories__counted") }} as bought
            on bought.customer_id = last_baskets.customer_id
            and bought.product_category = steps.next_category
        where not coalesce(bought.is_bought_recently, false)
    )
select
    -- keys
    last_baskets.customer_id,
    -- facts
    coalesce(
        due_again.product_category, liked.favourite_category, bought_next.next_category
    ) as next_category,
    coalesce(
        'buys '
        || due_again.product_category
        || ' about every '
        || cast(due_again.usual_days as string)
        || ' days',
        'has spent most on ' || liked.favourite_category,
        bought_next.reason
    ) as reason,
    bought_next.next_category as bought_next_category,
    bought_next.reason as bought_next_reason
from last_baskets
left join due_again on due_again.customer_id = last_baskets.customer_id and due_again.place = 1
left join liked on liked.customer_id = last_baskets.customer_id
left join
    bought_next on bought_next.customer_id = last_baskets.customer_id and bought_next.place = 1
