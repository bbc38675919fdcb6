-- Letter campaigns and when they run.
{{ config(unique_key="campaign") }}
with
    deliveries as (
        select *, {{ latest_delivery("campaign") }} as delivery
        from {{ source("mailhouse", "campaigns") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    nullif(trim(campaign), '') as campaign,
    -- facts
    kind,
    starts_date,
    ends_date,
    -- times
    false as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
