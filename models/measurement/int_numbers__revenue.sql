-- Per day: orders and revenue, by last click, and what the paid channels cost.
select
    cast(occurred_at as date) as number_date,
    'revenue' as metric,
    place as breakdown,
    cast(sum(revenue_amount) as decimal(18, 2)) as value
from {{ ref("fct_conversions") }}
group by cast(occurred_at as date), place
union all
select cast(ordered_at as date), 'orders_by_last_click', channel, cast(count(*) as decimal(18, 2))
from {{ ref("fct_last_click") }}
group by cast(ordered_at as date), channel
union all
select
    cast(ordered_at as date),
    'revenue_by_last_click',
    channel,
    cast(sum(revenue_amount) as decimal(18, 2))
from {{ ref("fct_last_click") }}
group by cast(ordered_at as date), channel
union all
select date_start, 'cost', 'paid_social', cast(sum(spend_amount) as decimal(18, 2))
from {{ ref("stg_meta__campaign_insights") }}
where not is_future
group by date_start
union all
select cast(occurred_at as date), 'cost', channel, cast(sum(cost_amount) as decimal(18, 2))
from {{ ref("fct_contact_events") }}
where cost_amount is not null
group by cast(occurred_at as date), channel
