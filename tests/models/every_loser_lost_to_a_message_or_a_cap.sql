-- Who lost, lost to a message the same customer was given in the same run, or to a cap that exists.
select l.customer_id, l.message_id, l.first_reason, l.lost_to
from {{ ref("fct_ledger") }} as l
left join
    {{ ref("fct_ledger") }} as winner
    on winner.run_id = l.run_id
    and winner.customer_id = l.customer_id
    and winner.message_id = l.lost_to
    and winner.outcome in ('send', 'withhold')
    and winner.round > 0
left join {{ ref("caps") }} as c on c.policy_id = l.first_reason
where
    l.run_id = {{ run_id() }}
    and (
        (l.outcome = 'lose' and winner.customer_id is null and c.policy_id is null)
        or (l.outcome <> 'lose' and l.lost_to is not null)
        or (l.lost_to is not null and winner.customer_id is null)
    )
