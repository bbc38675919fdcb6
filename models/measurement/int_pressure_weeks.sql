-- Whole weeks of people under a randomised cap: how many messages they would have got without it,
-- how many they got, and what they did.
with
    people as (
        select
            units.experiment,
            units.customer_id,
            units.arm,
            units.started_at,
            arms.scope_type,
            arms.scope_key
        from {{ ref("int_experiment_units") }} as units
        inner join
            {{ ref("int_cap_arms") }} as arms
            on arms.experiment = units.experiment
            and arms.arm = units.arm
        where units.analysis = 'intention to treat'
    ),
    -- an occasion that a cap put off comes again tomorrow: it is wished for once
    wished as (
        select
            ledger.customer_id,
            ledger.message_id,
            ledger.instance,
            messages.channel,
            min(ledger.decided_at) as happened_at
        from {{ ref("fct_ledger") }} as ledger
        inner join
            (
                select message_id, min(channel) as channel
                from {{ ref("messages") }}
                where count_to_caps
                group by message_id
            ) as messages
            on messages.message_id = ledger.message_id
        where ledger.outcome in ('send', 'lose', 'withhold')
        group by ledger.customer_id, ledger.message_id, ledger.instance, messages.channel
    ),
    moments as (
        select
            customer_id,
            channel,
            happened_at,
            1 as wishes,
            0 as contacts,
            0 as orders,
            0 as revenue,
            0 as opt_outs
        from wished
        union all
        select customer_id, channel, counted_at, 0, 1, 0, 0, 0
        from {{ ref("fct_contacts") }}
        where count_to_caps and state <> 'released' and not is_estimate
        union all
        select
            customer_id,
            cast(null as string),
            occurred_at,
            0,
            0,
            case when conversion_type = 'order' then 1 else 0 end,
            revenue_amount,
            0
        from {{ ref("fct_conversions") }}
        union all
        select customer_id, cast(null as string), occurred_at, 0, 0, 0, 0, 1
        from {{ ref("fct_touches") }}
        where touch_type in ('unsubscribed', 'complained')
    )
select
    -- keys
    people.experiment,
    people.scope_type,
    people.scope_key,
    people.customer_id,
    {{ whole_division(seconds_between("people.started_at", "moments.happened_at"), 604800) }}
    as week_number,
    -- facts
    max(people.arm) as arm,
    cast(sum(moments.wishes) as bigint) as wish_count,
    cast(sum(moments.contacts) as bigint) as contact_count,
    cast(sum(moments.orders) as bigint) as order_count,
    cast(sum(moments.revenue) as decimal(18, 2)) as revenue_amount,
    cast(max(moments.opt_outs) as bigint) as opt_out_count
from people
inner join
    moments
    on moments.customer_id = people.customer_id
    and moments.happened_at >= people.started_at
    and (
        moments.channel is null
        or people.scope_type = 'global'
        or moments.channel = people.scope_key
    )
-- weeks that are over
where
    {{ whole_division(seconds_between("people.started_at", "moments.happened_at"), 604800) }}
    < {{ whole_division(seconds_between("people.started_at", as_of()), 604800) }}
group by 1, 2, 3, 4, 5
