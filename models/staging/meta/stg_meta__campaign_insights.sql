-- Paid social: spend and reach per campaign and day.
{{ config(unique_key="insight_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("insight_id") }} as delivery
        from {{ source("meta", "campaign_insights") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    insight_id,
    nullif(trim(message_id), '') as message_id,
    -- facts
    nullif(trim(campaign), '') as campaign,
    date_start,
    impressions,
    reach,
    clicks,
    spend_amount,
    -- times
    reported_at,
    {{ is_future("reported_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
