-- What each message is on each local day on which it may be said: which occasion, worth what, until
-- when. There are two or three local days at any moment.
with
    days as (
        select distinct local_day, local_week, local_weekday from {{ ref("int_customer_clocks") }}
    )
select
    -- keys
    m.message_number,
    m.message_id,
    d.local_day,
    m.audience,
    -- empty where the occasion is the customer's own
    case
        when m.occasion = 'week'
        then m.campaign || '@' || d.local_week
        when m.occasion = 'day'
        then m.campaign || '@' || d.local_day
    end as instance,
    -- facts
    m.campaign,
    m.promotes = 'product' as promotes_product,
    m.promotes in ('product', 'category') as promotes_category,
    m.base_rate_micro,
    m.value_milli,
    m.lever,
    -- times
    {{ add_seconds(as_of(), "3600 * m.ttl_hours") }} as latest_at
from {{ ref("int_messages__ready") }} as m
cross join days as d
where {{ is_listed("d.local_weekday", "m.weekdays") }}
