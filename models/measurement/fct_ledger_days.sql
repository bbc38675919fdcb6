-- Every run of the ledger as counts, for ever: of runs that were reduced as they were
-- counted before, of the others as they stand.
with
    reduced as (select distinct run_id from {{ ref("stg_downbeat__ledger_days") }}),
    standing as (
        select
            l.run_id,
            l.message_id,
            l.outcome,
            l.first_reason,
            coalesce(l.lost_to, '') as lost_to,
            cast(count(*) as bigint) as candidate_count,
            cast(count(distinct l.customer_id) as bigint) as customer_count,
            cast(sum(l.score) as bigint) as score,
            cast(l.decided_at as date) as decided_date
        from {{ ref("fct_ledger") }} as l
        left join reduced as r on r.run_id = l.run_id
        where r.run_id is null
        group by
            l.run_id,
            l.message_id,
            l.outcome,
            l.first_reason,
            coalesce(l.lost_to, ''),
            cast(l.decided_at as date)
    )
select
    -- keys
    run_id,
    message_id,
    outcome,
    first_reason,
    lost_to,
    -- facts
    candidate_count,
    customer_count,
    score,
    -- times
    decided_date
from standing
union all
select
    -- keys
    run_id,
    message_id,
    outcome,
    first_reason,
    lost_to,
    -- facts
    candidate_count,
    customer_count,
    score,
    -- times
    cast(decided_at as date) as decided_date
from {{ ref("stg_downbeat__ledger_days") }}
