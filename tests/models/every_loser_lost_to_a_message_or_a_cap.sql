-- Who lost, lost to a message the same customer was given in the same run, to a cap or budget that
-- exists, to its price, or to the end of the rounds.
with
    policies as (
        select policy_id as code
        from {{ ref("caps") }}
        union all
        select budget_id as code
        from {{ ref("budgets") }}
        union all
        select code
        from {{ ref("reasons") }}
        where code in (1930, 1940)
    )
select l.customer_id, l.message_id, l.first_reason, l.lost_to
from {{ ref("fct_ledger") }} as l
left join
    {{ ref("fct_ledger") }} as winner
    on winner.run_id = l.run_id
    and winner.customer_id = l.customer_id
    and winner.message_id = l.lost_to
    and winner.outcome in ('send', 'withhold')
    and winner.round > 0
left join policies as c on c.code = l.first_reason
where
    l.run_id = {{ run_id() }}
    and (
        (l.outcome = 'lose' and winner.customer_id is null and c.code is null)
        or (l.outcome <> 'lose' and l.lost_to is not null)
        or (l.lost_to is not null and winner.customer_id is null)
    )
