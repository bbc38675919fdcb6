-- Nothing considered goes unrecorded, and nothing is recorded that was not considered.
select
    coalesce(c.customer_id, l.customer_id) as customer_id,
    coalesce(c.message_id, l.message_id) as message_id,
    count(c.customer_id) as candidate_count,
    count(l.customer_id) as ledger_count
from {{ ref("fct_candidates") }} as c
full outer join
    (
        select customer_id, message_id, instance
        from {{ ref("fct_ledger") }}
        where run_id = {{ run_id() }}
    ) as l
    on l.customer_id = c.customer_id
    and l.message_id = c.message_id
    and l.instance = c.instance
where
    (select count(*) from {{ ref("stg_downbeat__decision_runs") }} where run_id = {{ run_id() }})
    = 0
group by 1, 2
having count(c.customer_id) <> 1 or count(l.customer_id) <> 1
