-- Shop accounts, as last changed.
{{ config(unique_key="account_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("account_id") }} as delivery
        from {{ source("shop", "accounts") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    nullif(trim(account_id), '') as account_id,
    -- identifiers
    {{ clean_email("email") }} as email,
    {{ clean_phone("phone", "dial") }} as phone,
    nullif(trim(first_name), '') as first_name,
    nullif(trim(last_name), '') as last_name,
    nullif(trim(street), '') as street,
    nullif(upper(trim(postcode)), '') as postcode,
    nullif(trim(city), '') as city,
    nullif(upper(trim(deliveries.country)), '') as country,
    -- facts
    locale,
    -- times
    created_at,
    updated_at,
    {{ is_future("updated_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
left join
    {{ ref("dial_codes") }} as dial
    on dial.country = coalesce(upper(trim(deliveries.country)), '{{ var("default_country") }}')
where delivery = 1
