-- When the customers of each past cutoff reacted before its outcome closed, beside what their past
-- had said of it.
with
    later as (
        select
            cutoffs.cutoff_number,
            reactions.customer_id,
            reactions.weekday_part,
            reactions.hour_band,
            count(distinct reactions.local_date) as day_count
        from {{ ref("int_score_cutoffs") }} as cutoffs
        inner join
            {{ ref("int_reactions") }} as reactions
            on reactions.occurred_at >= cutoffs.cutoff_at
            and reactions.occurred_at < cutoffs.ends_at
        where cutoffs.cutoff_number > 0
        group by
            cutoffs.cutoff_number,
            reactions.customer_id,
            reactions.weekday_part,
            reactions.hour_band
    ),
    people as (
        select cutoff_number, customer_id, sum(day_count) as day_count
        from later
        group by cutoff_number, customer_id
    )
select
    -- keys
    habits.cutoff_number,
    habits.customer_id,
    habits.weekday_part || ' ' || habits.hour_band as slot,
    -- facts
    cast(people.day_count as bigint) as trial_count,
    cast(coalesce(later.day_count, 0) as bigint) as success_count,
    habits.own_trial_count,
    habits.own_success_count,
    habits.own_part_count,
    habits.base_trial_count,
    habits.base_success_count,
    habits.base_part_count
from {{ ref("int_habits__timed") }} as habits
inner join
    people
    on people.cutoff_number = habits.cutoff_number
    and people.customer_id = habits.customer_id
left join
    later
    on later.cutoff_number = habits.cutoff_number
    and later.customer_id = habits.customer_id
    and later.weekday_part = habits.weekday_part
    and later.hour_band = habits.hour_band
