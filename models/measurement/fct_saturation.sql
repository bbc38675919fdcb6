-- How much of the base stands at each limit: of the customers a day's runs had something to say to,
-- how many heard less for that reason.
with
    considered as (
        select
            cast(decided_at as date) as decided_date,
            count(distinct customer_id) as considered_customer_count
        from {{ ref("fct_ledger") }}
        group by cast(decided_at as date)
    ),
    stopped as (
        select
            cast(decided_at as date) as decided_date,
            first_reason,
            count(distinct customer_id) as stopped_customer_count,
            count(*) as stopped_candidate_count
        from {{ ref("fct_ledger") }}
        where outcome in ('lose', 'suppress', 'hold')
        group by cast(decided_at as date), first_reason
    )
select
    -- keys
    stopped.decided_date,
    stopped.first_reason as reason_code,
    -- facts
    reasons.words as reason,
    reasons.owner,
    case
        when stopped.first_reason < 1000
        then 'cap'
        when stopped.first_reason < 1050
        then 'consent'
        when stopped.first_reason < 1100
        then 'reach'
        when stopped.first_reason < 1900
        then 'suppression'
        else 'arbitration'
    end as kind,
    cast(stopped.stopped_customer_count as bigint) as stopped_customer_count,
    cast(stopped.stopped_candidate_count as bigint) as stopped_candidate_count,
    cast(considered.considered_customer_count as bigint) as considered_customer_count,
    stopped.stopped_customer_count
    / cast(considered.considered_customer_count as double) as stopped_rate
from stopped
inner join considered on considered.decided_date = stopped.decided_date
inner join {{ ref("dim_reasons") }} as reasons on reasons.code = stopped.first_reason
