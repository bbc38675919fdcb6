-- Per day: customers reached, messages, and how often two campaigns met.
with
    customer_days as (
        select
            cast(counted_at as date) as contact_date,
            customer_id,
            channel,
            campaign,
            count(*) as contact_count
        from {{ ref("fct_contacts") }}
        where customer_id is not null and not is_estimate and state <> 'released'
        group by cast(counted_at as date), customer_id, channel, campaign
    ),
    days as (
        select contact_date, customer_id, count(distinct campaign) as campaign_count
        from customer_days
        group by contact_date, customer_id
    )
select
    contact_date as number_date,
    'reach' as metric,
    '' as breakdown,
    cast(count(*) as decimal(18, 2)) as value
from days
group by contact_date
union all
select
    contact_date,
    'collisions',
    '',
    cast(sum(case when campaign_count >= 2 then 1 else 0 end) as decimal(18, 2))
from days
group by contact_date
union all
select contact_date, 'messages_sent', channel, cast(sum(contact_count) as decimal(18, 2))
from customer_days
group by contact_date, channel
