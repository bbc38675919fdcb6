-- Per day: what was considered and held back, why, and how many collisions that avoided.
with
    daily_ceiling as (
        select coalesce(min(max_n), 15) as max_n
        from {{ ref("caps") }}
        where scope_type = 'global' and unit = 'customer' and window_n = 1 and window_unit = 'day'
    ),
    campaigns as (
        select message_id, min(campaign) as campaign from {{ ref("messages") }} group by message_id
    ),
    considered as (
        select
            cast(ledger.decided_at as date) as decided_date,
            ledger.customer_id,
            ledger.outcome,
            ledger.first_reason,
            campaigns.campaign,
            count(*) as candidate_count
        from {{ ref("fct_ledger") }} as ledger
        inner join campaigns on campaigns.message_id = ledger.message_id
        group by
            cast(ledger.decided_at as date),
            ledger.customer_id,
            ledger.outcome,
            ledger.first_reason,
            campaigns.campaign
    ),
    customer_days as (
        select
            decided_date,
            customer_id,
            count(distinct campaign) as campaign_count,
            sum(case when outcome = 'send' then candidate_count else 0 end) as sent_count
        from considered
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
    coalesce(reasons.words, cast(considered.first_reason as string)) as breakdown,
    cast(sum(considered.candidate_count) as decimal(18, 2)) as value
from considered
left join {{ ref("dim_reasons") }} as reasons on reasons.code = considered.first_reason
group by decided_date, outcome, coalesce(reasons.words, cast(considered.first_reason as string))
union all
select
    customer_days.decided_date,
    'collisions_avoided',
    '',
    cast(
        sum(
            case
                when
                    customer_days.campaign_count >= 2
                    and customer_days.sent_count <= daily_ceiling.max_n
                then 1
                else 0
            end
        ) as decimal(18, 2)
    )
from customer_days
cross join daily_ceiling
group by customer_days.decided_date
