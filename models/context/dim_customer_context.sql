-- What each customer is in the middle of, and how much they have heard from us lately.
with
    cases as (
        select
            customer_id,
            sum(case when is_open then 1 else 0 end) as open_case_count,
            min(
                case
                    when {{ days_between("updated_at", as_of()) }} <= {{ var("bad_csat_days") }}
                    then csat_score
                end
            ) as worst_recent_csat
        from {{ ref("fct_cases") }}
        where customer_id is not null
        group by customer_id
    ),
    returns as (
        select customer_id, max(purchased_at) as last_return_at
        from {{ ref("fct_purchases") }}
        where is_refund and customer_id is not null
        group by customer_id
    ),
    purchases as (
        select
            customer_id,
            product_id,
            product_category,
            purchased_at,
            row_number() over (
                partition by customer_id order by purchased_at desc, amount desc, purchase_line_id
            ) as recency
        from {{ ref("fct_purchases") }}
        where not is_refund and customer_id is not null
    ),
    pressure as (
        select
            customer_id,
            sum(
                case when {{ seconds_between("counted_at", as_of()) }} < 86400 then 1 else 0 end
            ) as pressure_1d,
            sum(
                case when {{ seconds_between("counted_at", as_of()) }} < 7 * 86400 then 1 else 0 end
            ) as pressure_7d,
            sum(
                case
                    when {{ seconds_between("counted_at", as_of()) }} < 30 * 86400 then 1 else 0
                end
            ) as pressure_30d,
            max(counted_at) as last_contact_at
        from {{ ref("fct_contacts") }}
        where customer_id is not null and count_to_caps and not is_estimate and state <> 'released'
        group by customer_id
    ),
    ads as (
        select customer_id, sum(expected_milli) as expected_milli
        from {{ ref("fct_expected_impressions") }}
        where {{ days_between("shown_date", as_of()) }} <= 7
        group by customer_id
    )
select
    -- keys
    customers.customer_id,
    -- facts
    cast(coalesce(cases.open_case_count, 0) as bigint) as open_case_count,
    cases.worst_recent_csat,
    purchases.product_id as last_purchased_product_id,
    purchases.product_category as last_purchased_category,
    coalesce(intent.is_live_session, false) as is_live_session,
    intent.cart_product_id,
    intent.cart_category,
    cast(coalesce(pressure.pressure_1d, 0) as bigint) as pressure_1d,
    cast(coalesce(pressure.pressure_7d, 0) as bigint) as pressure_7d,
    cast(coalesce(pressure.pressure_30d, 0) as bigint) as pressure_30d,
    -- an estimate: in none of the counts above
    cast(coalesce(ads.expected_milli, 0) as bigint) as expected_ads_7d_milli,
    -- times
    returns.last_return_at,
    purchases.purchased_at as last_purchased_at,
    intent.cart_added_at,
    pressure.last_contact_at
from {{ ref("dim_customers") }} as customers
left join cases on cases.customer_id = customers.customer_id
left join returns on returns.customer_id = customers.customer_id
left join purchases on purchases.customer_id = customers.customer_id and purchases.recency = 1
left join {{ ref("fct_intent") }} as intent on intent.customer_id = customers.customer_id
left join pressure on pressure.customer_id = customers.customer_id
left join ads on ads.customer_id = customers.customer_id
