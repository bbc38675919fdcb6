-- What is being tried, on how many, whether the draw came out right, and what it could show.
with
    seeded as (
        select
            experiment,
            min(scope_type) as scope_type,
            min(scope_key) as scope_key,
            min(valid_from) as valid_from,
            case when count(valid_to) = count(*) then max(valid_to) end as valid_to,
            min(owner) as owner,
            min(note) as note
        from {{ ref("experiments") }}
        group by experiment
    ),
    arms as (
        select
            experiment,
            cast(sum(unit_count) as bigint) as customer_count,
            cast(
                sum(case when arm <> 'treated' then unit_count else 0 end) as bigint
            ) as apart_count,
            {{ rounded("sum(surprise)") }} as srm_statistic,
            sum(surprise) > {{ srm_limit("count(*)") }} as is_srm_failed
        from {{ ref("int_experiment_arms") }}
        where analysis = 'intention to treat'
        group by experiment
    ),
    -- before anything has happened: from how much people differed in the days before
    powered as (
        select
            experiment,
            min(started_at) as started_at,
            2.801585218112969e0
            * {{ root_of("(max(var_x) * sum(1 / n))") }}
            / nullif(max(mean_x), 0) as detectable_rate
        from {{ ref("int_lift_arms") }}
        where analysis = 'intention to treat' and metric = 'revenue'
        group by experiment
    )
select
    -- keys
    seeded.experiment,
    -- facts
    case
        seeded.scope_type
        when 'all'
        then 'universal holdout'
        when 'channel'
        then 'channel holdout'
        when 'message'
        then 'message holdout'
        else 'cap arm'
    end as kind,
    seeded.scope_key,
    coalesce(arms.customer_count, 0) as customer_count,
    coalesce(arms.apart_count, 0) as apart_count,
    cast({{ var("planned_people") }} as bigint) as planned_count,
    arms.srm_statistic,
    coalesce(arms.is_srm_failed, false) as is_srm_failed,
    {{ rounded("powered.detectable_rate") }} as detectable_rate,
    case
        when coalesce(arms.customer_count, 0) = 0
        then 'not started'
        when arms.is_srm_failed
        then 'the arms are not the size they were drawn: find out why before reading anything'
        when coalesce(powered.detectable_rate > {{ var("lift_worth_knowing") }}, true)
        then 'too small: it could not show a difference worth knowing'
        else 'can show what is worth knowing'
    end as verdict,
    seeded.owner,
    seeded.note,
    -- times
    seeded.valid_from,
    seeded.valid_to,
    powered.started_at
from seeded
left join arms on arms.experiment = seeded.experiment
left join powered on powered.experiment = seeded.experiment
