-- What an experiment says about each figure, with intervals that hold however often one looks. Arms
-- that are not as large as they were drawn say nothing: their lift is withheld.
{% set looks = anytime_errors("(arm_count + control_count)", var("planned_people")) %}
{% set told = [
    "difference",
    "standard_error",
    "relative_difference",
    "relative_error",
    "cuped_difference",
    "cuped_error",
    "variance_ratio",
    "low",
    "high",
    "fixed_low",
    "fixed_high",
    "complier_effect",
    "complier_error",
    "incremental_total",
    "incremental_low",
    "incremental_high",
] %}
with
    checked as (
        select
            experiment,
            analysis,
            sum(surprise) as srm_statistic,
            sum(surprise) > {{ srm_limit("count(*)") }} as is_srm_failed
        from {{ ref("int_experiment_arms") }}
        group by experiment, analysis
    ),
    figured as (
        select
            compared.*,
            checked.srm_statistic,
            checked.is_srm_failed,
            difference / nullif(control_mean, 0) as relative_difference,
            cuped_error
            * cuped_error
            / nullif(standard_error * standard_error, 0) as variance_ratio,
            cuped_difference - cuped_error * {{ looks }} as low,
            cuped_difference + cuped_error * {{ looks }} as high,
            cuped_difference - 1.959963984540054e0 * cuped_error as fixed_low,
            cuped_difference + 1.959963984540054e0 * cuped_error as fixed_high,
            -- seen four times in five, if it is there
            2.801585218112969e0 * cuped_error as detectable_difference,
            cuped_difference * arm_count as incremental_total,
            (cuped_difference - cuped_error * {{ looks }}) * arm_count as incremental_low,
            (cuped_difference + cuped_error * {{ looks }}) * arm_count as incremental_high
        from {{ ref("int_lift_compared") }} as compared
        inner join
            checked
            on checked.experiment = compared.experiment
            and checked.analysis = compared.analysis
    )
select
    -- keys
    experiment,
    analysis,
    metric,
    arm,
    control_arm,
    -- facts
    estimand,
    cast(arm_count as bigint) as arm_count,
    cast(control_count as bigint) as control_count,
    {{ rounded("arm_mean") }} as arm_mean,
    {{ rounded("control_mean") }} as control_mean,
    {% for figure in told %}
        case when not is_srm_failed then {{ rounded(figure) }} end as {{ figure }},
    {% endfor %}
    {{ rounded("detectable_difference") }} as detectable_difference,
    {{ rounded("detectable_difference / nullif(abs(control_mean), 0)") }} as detectable_rate,
    {{ rounded("srm_statistic") }} as srm_statistic,
    is_srm_failed,
    {{ rounded("reached_rate") }} as reached_rate,
    {{ rounded("control_reached_rate") }} as contamination_rate,
    {{ rounded("crossed_rate") }} as crossed_rate,
    round(cap, 2) as cap_amount,
    case
        when is_srm_failed
        then 'withheld: the arms are not the size they were drawn'
        when least(arm_count, control_count) < {{ var("least_people") }} or cuped_error is null
        then 'too few people'
        when cuped_error = 0
        then 'too small to tell'
        when low > 0
        then 'more'
        when high < 0
        then 'less'
        when detectable_difference > {{ var("lift_worth_knowing") }} * abs(control_mean)
        then 'too small to tell'
        else 'no difference shown'
    end as verdict,
    -- times
    started_at,
    {{ as_of() }} as seen_at
from figured
