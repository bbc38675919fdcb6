-- Messages that never win a place, segments that hear nothing, and messages that take
-- each other's place.
with
    considered as (
        select
            ledger.message_id,
            messages.campaign,
            messages.audience,
            ledger.customer_id,
            max(case when ledger.outcome in ('send', 'withhold') then 1 else 0 end) as has_won
        from {{ ref("fct_ledger") }} as ledger
        inner join {{ ref("messages") }} as messages on messages.message_id = ledger.message_id
        where
            messages.purpose = 'marketing'
            and {{ days_between("ledger.decided_at", as_of()) }} <= {{ var("advice_days") }}
        group by ledger.message_id, messages.campaign, messages.audience, ledger.customer_id
    ),
    steps as (
        select message_id, campaign, count(*) as customer_count, sum(has_won) as won_count
        from considered
        group by message_id, campaign
    ),
    hearers as (
        select audience, customer_id, max(has_won) as has_won
        from considered
        where audience is not null
        group by audience, customer_id
    ),
    segments as (
        select audience, count(*) as customer_count, sum(has_won) as won_count
        from hearers
        group by audience
    ),
    pairs as (
        select
            message_id,
            lost_to,
            sum(customer_count) as customer_count,
            sum(lost_amount) as lost_amount
        from {{ ref("fct_collisions") }}
        where is_message and {{ days_between("decided_date", as_of()) }} <= {{ var("advice_days") }}
        group by message_id, lost_to
    )
select
    'a step never wins' as kind,
    message_id as subject,
    'retire it, change its audience, or give it value or a lever that its owner stands for'
    as advice,
    'step of '
    || campaign
    || ': considered for '
    || cast(customer_count as string)
    || ' customers, sent to none' as reason,
    'unknown: it was never sent' as effect_unit,
    'messages' as seed,
    'message_id=' || message_id as seed_key,
    cast(customer_count as bigint) as weight
from steps
where customer_count >= {{ var("advice_least_customers") }} and won_count = 0
union all
select
    'a segment hears nothing' as kind,
    audience as subject,
    'look at what blocks it in fct_saturation; give its messages room or let them rest' as advice,
    cast(won_count as string)
    || ' of '
    || cast(customer_count as string)
    || ' considered customers heard anything' as reason,
    'unknown: nothing was sent to compare with' as effect_unit,
    'audiences' as seed,
    'audience=' || audience as seed_key,
    cast(customer_count as bigint) as weight
from segments
where
    customer_count >= {{ var("advice_least_customers") }}
    and won_count * 100 < customer_count * {{ var("advice_starved_percent") }}
union all
select
    'two messages want the same place' as kind,
    message_id || ' and ' || lost_to as subject,
    'plan them for different days, or put them into one exclusion_group' as advice,
    message_id
    || ' lost to '
    || lost_to
    || ' with '
    || cast(customer_count as string)
    || ' customers; believed worth '
    || cast(lost_amount as string) as reason,
    'unknown: what it was believed to earn is no measurement' as effect_unit,
    'messages' as seed,
    'message_id=' || message_id as seed_key,
    cast(customer_count as bigint) as weight
from pairs
where customer_count >= {{ var("advice_least_customers") }}
