-- Per day: what was considered and held back, why, and how many collisions that avoided.
with
    messages as (
        select message_id, min(campaign) as campaign, min(channel) as channel
        from {{ ref("messages") }}
        group by message_id
    ),
    considered as (
        select
            cast(ledger.decided_at as date) as decided_date,
            ledger.customer_id,
            ledger.outcome,
            messages.campaign,
            messages.channel,
            coalesce(reasons.words, cast(ledger.first_reason as string)) as reason,
            -- Who can never be written to on a channel is not spared by anybody.
            ledger.outcome <> 'suppress'
            or coalesce(reasons.permanence, '') <> 'permanent' as was_possible,
            count(*) as candidate_count
        from {{ ref("fct_ledger") }} as ledger
        inner join messages on messages.message_id = ledger.message_id
        left join {{ ref("dim_reasons") }} as reasons on reasons.code = ledger.first_reason
        group by 1, 2, 3, 4, 5, 6, 7
    ),
    customer_days as (
        select
            decided_date,
            customer_id,
            count(distinct campaign) as campaign_count,
            count(distinct case when outcome = 'send' then campaign end) as sent_campaign_count
        from considered
        where was_possible and outcome <> 'withhold' and channel <> 'paid_social'
        group by decided_date, customer_id
    )
select
    decided_date as number_date,
    case
        outcome
        when 'send'
        then 'decided'
        when 'suppress'
        then 'suppressed'
        when 'lose'
        then 'outranked'
        when 'hold'
        then 'held'
        else 'withheld'
    end as metric,
    case when outcome = 'send' then channel else reason end as breakdown,
    cast(sum(candidate_count) as decimal(18, 2)) as value
from considered
group by 1, 2, 3
union all
select
    decided_date,
    'collisions_avoided',
    '',
    cast(
        sum(
            case when campaign_count >= 2 and sent_campaign_count <= 1 then 1 else 0 end
        ) as decimal(18, 2)
    )
from customer_days
group by decided_date
