-- Who is compared with whom, and since when: everybody by the arm drawn for them (intention to
-- treat), and those who won a place, whether it was then filled or left empty (ghosts).
with
    experiments as (
        select
            experiment,
            min(scope_type) as scope_type,
            min(scope_key) as scope_key,
            min(valid_from) as valid_from
        from {{ ref("experiments") }}
        group by experiment
    ),
    assigned as (
        select
            a.experiment,
            a.customer_id as unit_id,
            coalesce(redirects.customer_id, a.customer_id) as customer_id,
            a.arm,
            a.is_crossed,
            a.assigned_at,
            row_number() over (
                partition by a.experiment, coalesce(redirects.customer_id, a.customer_id)
                order by a.assigned_at, a.customer_id
            ) as place
        from {{ ref("fct_assignments") }} as a
        left join
            {{ ref("dim_customer_redirects") }} as redirects
            on redirects.retired_customer_id = a.customer_id
    ),
    -- who has become one stays where the first of them was drawn, and says so
    drawn as (
        select
            experiment,
            customer_id,
            max(case when place = 1 then arm end) as arm,
            count(distinct arm) > 1
            or max(case when is_crossed then 1 else 0 end) = 1 as is_crossed,
            min(assigned_at) as assigned_at
        from assigned
        group by experiment, customer_id
    ),
    won as (
        select assigned.experiment, assigned.customer_id, min(ledger.decided_at) as won_at
        from assigned
        inner join experiments on experiments.experiment = assigned.experiment
        inner join
            {{ ref("fct_ledger") }} as ledger
            on ledger.customer_id = assigned.unit_id
            and ledger.decided_at >= assigned.assigned_at
        inner join
            (
                select message_id, min(channel) as channel
                from {{ ref("messages") }}
                where purpose = 'marketing' and holdout
                group by message_id
            ) as messages
            on messages.message_id = ledger.message_id
        where
            ledger.outcome in ('send', 'withhold')
            and (
                experiments.scope_type = 'all'
                or experiments.scope_type = 'channel'
                and experiments.scope_key = messages.channel
                or experiments.scope_type = 'message'
                and experiments.scope_key = messages.message_id
            )
        group by assigned.experiment, assigned.customer_id
    )
select
    -- keys
    experiment,
    'intention to treat' as analysis,
    customer_id,
    -- facts
    arm,
    is_crossed,
    -- times
    assigned_at as started_at
from drawn
union all
select drawn.experiment, 'ghosts', drawn.customer_id, drawn.arm, drawn.is_crossed, won.won_at
from drawn
inner join won on won.experiment = drawn.experiment and won.customer_id = drawn.customer_id
