-- Letters posted.
{{ config(unique_key="mailing_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("mailing_id") }} as delivery
        from {{ source("mailhouse", "mailings") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    mailing_id,
    nullif(trim(message_id), '') as message_id,
    nullif(trim(decision_id), '') as decision_id,
    -- identifiers
    nullif(trim(loyalty_card), '') as loyalty_card,
    -- facts
    nullif(trim(campaign), '') as campaign,
    cost_amount,
    -- times
    mailed_at,
    {{ is_future("mailed_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
