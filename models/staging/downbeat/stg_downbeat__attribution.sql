-- What was published of each month and channel.
{{ config(unique_key=["period_date", "rule", "channel", "published_at"]) }}
with
    deliveries as (
        select *, {{ latest_delivery("period_date, rule, channel, published_at") }} as delivery
        from {{ source("downbeat", "attribution") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    period_date,
    rule,
    channel,
    -- facts
    conversion_count,
    revenue_amount,
    earlier_count,
    earlier_amount,
    reason,
    -- times
    published_at,
    {{ is_future("published_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
