-- What each channel's campaigns cost in a month, as the tools say, else at the price of a message.
with
    prices as (
        select message_id, max(unit_cost) as unit_cost
        from {{ ref("messages") }}
        group by message_id
    ),
    costs as (
        select
            cast(date_trunc('month', events.occurred_at) as date) as period_date,
            events.channel,
            coalesce(events.campaign, '(unknown)') as campaign,
            case
                when events.cost_amount is not null
                then cast(events.cost_amount as double)
                when events.contact_type = 'sent'
                then prices.unit_cost
            end as cost
        from {{ ref("fct_contact_events") }} as events
        left join prices on prices.message_id = events.message_id
        where events.contact_type = 'sent' or events.cost_amount is not null
        union all
        select
            cast(date_trunc('month', date_start) as date),
            'paid_social',
            coalesce(campaign, '(unknown)'),
            cast(spend_amount as double)
        from {{ ref("stg_meta__campaign_insights") }}
        where not is_future
    )
select
    -- keys
    period_date,
    channel,
    campaign,
    -- facts
    cast(sum(cost) as decimal(18, 2)) as spend_amount
from costs
group by period_date, channel, campaign
having sum(cost) > 0
