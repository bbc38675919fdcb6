-- When each customer had reacted by each cutoff, beside when everybody had: one day more in every
-- part of the week for everybody, so that none is impossible.
{{ config(materialized="view") }}
with
    slots as (
        select distinct parts.weekday_part, bands.hour_band
        from {{ ref("hour_bands") }} as bands
        cross join
            (
                select 'workday' as weekday_part
                union all
                select 'weekend' as weekday_part
            ) as parts
    ),
    everybody as (
        select
            cutoffs.cutoff_number,
            slots.weekday_part,
            slots.hour_band,
            cast(1 + coalesce(sum(counts.day_count), 0) as bigint) as day_count
        from {{ ref("int_score_cutoffs") }} as cutoffs
        cross join slots
        left join
            {{ ref("int_slot_counts") }} as counts
            on counts.cutoff_number = cutoffs.cutoff_number
            and counts.weekday_part = slots.weekday_part
            and counts.hour_band = slots.hour_band
        group by cutoffs.cutoff_number, slots.weekday_part, slots.hour_band
    ),
    base as (
        select
            *,
            cast(sum(day_count) over (partition by cutoff_number) as bigint) as all_count,
            cast(
                sum(day_count) over (partition by cutoff_number, weekday_part) as bigint
            ) as part_count
        from everybody
    ),
    people as (
        select
            cutoff_number,
            customer_id,
            cast(sum(day_count) as bigint) as all_count,
            cast(
                sum(case when weekday_part = 'weekend' then day_count else 0 end) as bigint
            ) as weekend_count
        from {{ ref("int_slot_counts") }}
        group by cutoff_number, customer_id
    )
select
    -- keys
    people.cutoff_number,
    people.customer_id,
    base.weekday_part,
    base.hour_band,
    -- facts
    people.all_count as own_trial_count,
    coalesce(own.day_count, 0) as own_success_count,
    case
        when base.weekday_part = 'weekend'
        then people.weekend_count
        else people.all_count - people.weekend_count
    end as own_part_count,
    base.all_count as base_trial_count,
    base.day_count as base_success_count,
    base.part_count as base_part_count
from people
inner join base on base.cutoff_number = people.cutoff_number
left join
    {{ ref("int_slot_counts") }} as own
    on own.cutoff_number = people.cutoff_number
    and own.customer_id = people.customer_id
    and own.weekday_part = base.weekday_part
    and own.hour_band = base.hour_band
