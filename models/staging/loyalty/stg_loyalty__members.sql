-- Loyalty cards and what their holders wrote on the form, as last changed.
{{ config(unique_key="loyalty_card") }}
with
    deliveries as (
        select *, {{ latest_delivery("trim(loyalty_card)") }} as delivery
        from {{ source("loyalty", "members") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    trim(loyalty_card) as loyalty_card,
    store_id,
    -- identifiers
    {{ clean_email("email") }} as email,
    {{ clean_phone("phone", "dial") }} as phone,
    nullif(trim(first_name), '') as first_name,
    nullif(trim(last_name), '') as last_name,
    birth_date,
    nullif(upper(trim(postcode)), '') as postcode,
    nullif(upper(trim(deliveries.country)), '') as country,
    -- facts
    household_size,
    -- times
    signed_up_at,
    updated_at,
    {{ is_future("updated_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
left join
    {{ ref("dial_codes") }} as dial
    on dial.country = coalesce(upper(trim(deliveries.country)), '{{ var("default_country") }}')
where delivery = 1
