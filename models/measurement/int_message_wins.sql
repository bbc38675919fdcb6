-- The first time each message won a place with a customer, sent or withheld by lot, how much they
-- had been written to by then, and what they did in the days after.
with
    tried as (
        select experiment, scope_key as message_id
        from {{ ref("experiments") }}
        where scope_type = 'message' and arm = 'held_out'
        group by experiment, scope_key
    ),
    -- who gets nothing at all is under less pressure than anybody a message is sent to
    left_alone as (
        select distinct customer_id
        from {{ ref("int_experiment_units") }}
        where experiment = 'universal_holdout' and arm = 'held_out'
    ),
    wins as (
        select
            ledger.message_id,
            coalesce(redirects.customer_id, ledger.customer_id) as customer_id,
            tried.experiment,
            ledger.outcome = 'send' as is_sent,
            ledger.pressure_7d,
            ledger.decided_at,
            row_number() over (
                partition by ledger.message_id, coalesce(redirects.customer_id, ledger.customer_id)
                order by ledger.decided_at, ledger.run_id, ledger.instance
            ) as place
        from {{ ref("fct_ledger") }} as ledger
        left join tried on tried.message_id = ledger.message_id
        left join
            {{ ref("dim_customer_redirects") }} as redirects
            on redirects.retired_customer_id = ledger.customer_id
        -- against silence: where the next message got the place, nothing was silent
        where ledger.outcome = 'send' or ledger.outcome = 'withhold' and ledger.first_reason <> 1901
    ),
    firsts as (
        select wins.*
        from wins
        left join left_alone on left_alone.customer_id = wins.customer_id
        where
            wins.place = 1
            and left_alone.customer_id is null
            -- time enough to answer
            and {{ seconds_between("wins.decided_at", as_of()) }}
            >= {{ var("efficacy_days") }} * 86400
    ),
    bought as (
        select firsts.message_id, firsts.customer_id
        from firsts
        inner join
            {{ ref("fct_conversions") }} as conversions
            on conversions.customer_id = firsts.customer_id
            and conversions.conversion_type = 'order'
            and conversions.occurred_at >= firsts.decided_at
        where
            {{ seconds_between("firsts.decided_at", "conversions.occurred_at") }}
            < {{ var("efficacy_days") }} * 86400
        group by firsts.message_id, firsts.customer_id
    ),
    credited as (
        select distinct customer_id, message_id
        from {{ ref("fct_last_click") }}
        where message_id is not null and customer_id is not null
    )
select
    -- keys
    firsts.message_id,
    firsts.customer_id,
    -- identifiers
    firsts.experiment,
    -- facts
    firsts.is_sent,
    least(firsts.pressure_7d, {{ var("pressure_strata") }}) as stratum,
    case when bought.customer_id is not null then 1.0e0 else 0.0e0 end as has_ordered,
    case
        when firsts.is_sent and credited.customer_id is not null then 1.0e0 else 0.0e0
    end as is_credited,
    -- times
    firsts.decided_at
from firsts
left join
    bought on bought.message_id = firsts.message_id and bought.customer_id = firsts.customer_id
left join
    credited
    on credited.message_id = firsts.message_id
    and credited.customer_id = firsts.customer_id
