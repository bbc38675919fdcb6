-- The web site's page events.
{{ config(unique_key="event_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("event_id") }} as delivery
        from {{ source("site", "events") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    event_id,
    session_id,
    product_id,
    nullif(trim(utm_decision_id), '') as utm_decision_id,
    -- identifiers
    nullif(trim(cookie_id), '') as cookie_id,
    nullif(trim(account_id), '') as account_id,
    -- facts
    lower(trim(event_type)) as event_type,
    nullif(trim(utm_campaign), '') as utm_campaign,
    -- times
    occurred_at,
    {{ is_future("occurred_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
