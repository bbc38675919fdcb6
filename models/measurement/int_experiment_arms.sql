-- How many people each arm holds, and how many the draw should have given it.
with
    seeded as (
        select experiment, arm, sum(per_mille) / 1000.0e0 as share
        from {{ ref("experiments") }}
        group by experiment, arm
    ),
    shares as (
        select experiment, arm, share
        from seeded
        union all
        select experiment, 'treated', 1 - sum(share)
        from seeded
        group by experiment
    ),
    counted as (
        select experiment, analysis, arm, cast(count(*) as double) as unit_count
        from {{ ref("int_experiment_units") }}
        group by experiment, analysis, arm
    ),
    totals as (
        select experiment, analysis, sum(unit_count) as total_count
        from counted
        group by experiment, analysis
    )
select
    -- keys
    totals.experiment,
    totals.analysis,
    shares.arm,
    -- facts
    coalesce(counted.unit_count, 0) as unit_count,
    totals.total_count * shares.share as expected_count,
    power(coalesce(counted.unit_count, 0) - totals.total_count * shares.share, 2)
    / (totals.total_count * shares.share) as surprise
from totals
inner join shares on shares.experiment = totals.experiment
left join
    counted
    on counted.experiment = totals.experiment
    and counted.analysis = totals.analysis
    and counted.arm = shares.arm
