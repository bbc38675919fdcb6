-- Each arm that was treated beside the one that was not: difference, what the days before explain
-- of it, and what it is per person actually reached.
{% set cuped = "(ARM_variance + slope * slope * ARM_var_x - 2 * slope * ARM_cov_xy) / ARM_n" %}
{% set complier = "(ARM_variance - 2 * complier_effect * ARM_cov_ey + complier_effect * complier_effect * ARM_var_e) / ARM_n" %}
select
    -- keys
    experiment,
    analysis,
    metric,
    arm,
    control_arm,
    -- facts
    estimand,
    kind,
    a_n as arm_count,
    b_n as control_count,
    a_mean as arm_mean,
    b_mean as control_mean,
    difference,
    {{ root_of("(a_variance / a_n + b_variance / b_n)") }} as standard_error,
    difference - slope * (a_mean_x - b_mean_x) as cuped_difference,
    {{ root_of("(" ~ cuped.replace("ARM", "a") ~ " + " ~ cuped.replace("ARM", "b") ~ ")") }}
    as cuped_error,
    {{
        root_of(
            "(a_variance / a_n / nullif(b_mean * b_mean, 0) + a_mean * a_mean * b_variance / b_n / nullif(power(b_mean, 4), 0))"
        )
    }}
    as relative_error,
    complier_effect,
    {{ root_of("(" ~ complier.replace("ARM", "a") ~ " + " ~ complier.replace("ARM", "b") ~ ")") }}
    / abs(reached_difference) as complier_error,
    a_mean_e as reached_rate,
    b_mean_e as control_reached_rate,
    crossed_count / (a_n + b_n) as crossed_rate,
    cap,
    -- times
    started_at
from {{ ref("int_lift_pairs") }}
