-- Web orders, as last changed.
{{ config(unique_key="order_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("order_id") }} as delivery
        from {{ source("shop", "orders") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    order_id,
    nullif(trim(utm_decision_id), '') as utm_decision_id,
    -- identifiers
    nullif(trim(account_id), '') as account_id,
    {{ clean_email("email") }} as email,
    {{ clean_phone("phone", "dial") }} as phone,
    nullif(trim(cookie_id), '') as cookie_id,
    nullif(trim(first_name), '') as first_name,
    nullif(trim(last_name), '') as last_name,
    nullif(upper(trim(postcode)), '') as postcode,
    nullif(upper(trim(deliveries.country)), '') as country,
    -- facts
    lower(trim(status)) as status,
    total_amount,
    nullif(trim(utm_campaign), '') as utm_campaign,
    -- times
    placed_at,
    updated_at,
    {{ is_future("placed_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
left join
    {{ ref("dial_codes") }} as dial
    on dial.country = coalesce(upper(trim(deliveries.country)), '{{ var("default_country") }}')
where delivery = 1
