-- Which identifiers came with a web order.
with
    sightings as (
        select
            order_id as record_id,
            nullif(trim(account_id), '') as account,
            {{ clean_email("email") }} as email,
            {{ clean_phone("phone", "dial") }} as phone,
            nullif(trim(cookie_id), '') as cookie,
            {{ name_postcode("first_name", "last_name", "postcode") }} as name_postcode,
            least(placed_at, _loaded_at) as observed_at,
            _loaded_at as loaded_at
        from {{ source("shop", "orders") }} as deliveries
        left join
            {{ ref("dial_codes") }} as dial
            on dial.country
            = coalesce(upper(trim(deliveries.country)), '{{ var("default_country") }}')
        where {{ newly_loaded() }}
    )
    {{
        identifiers_sighted(
            "shop.orders", ["account", "email", "phone", "cookie", "name_postcode"]
        )
    }}
