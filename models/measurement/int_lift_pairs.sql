-- Each arm that was treated beside the one that was not, side by side, and the slope by which the
-- days before tell those after.
{% set facts = [
    "n",
    "mean",
    "variance",
    "mean_x",
    "var_x",
    "cov_xy",
    "mean_e",
    "var_e",
    "cov_ey",
    "sum_x",
    "sum_y",
    "sum_xx",
    "sum_xy",
] %}
with
    -- those treated as usual are compared with each arm that does without; other arms with them
    pairs as (
        select
            a.experiment,
            a.analysis,
            a.metric,
            a.arm,
            b.arm as control_arm,
            case
                b.arm
                when 'held_out'
                then 'against silence'
                when 'replaced'
                then 'against what would have been sent instead'
                else 'against the usual treatment'
            end as estimand,
            a.kind,
            a.cap,
            a.crossed_count + b.crossed_count as crossed_count,
            least(a.started_at, b.started_at) as started_at
            {% for fact in facts %}
                , a.{{ fact }} as a_{{ fact }}, b.{{ fact }} as b_{{ fact }}
            {% endfor %}
        from {{ ref("int_lift_arms") }} as a
        inner join
            {{ ref("int_lift_arms") }} as b
            on b.experiment = a.experiment
            and b.analysis = a.analysis
            and b.metric = a.metric
        where
            b.arm in ('held_out', 'replaced')
            and a.arm = 'treated'
            or b.arm = 'treated'
            and a.arm not in ('held_out', 'replaced', 'treated')
    ),
    totals as (
        select
            *,
            a_n + b_n as n,
            a_sum_x + b_sum_x as sum_x,
            a_sum_y + b_sum_y as sum_y,
            a_sum_xx + b_sum_xx as sum_xx,
            a_sum_xy + b_sum_xy as sum_xy,
            a_mean - b_mean as difference,
            nullif(a_mean_e - b_mean_e, 0) as reached_difference
        from pairs
    ),
    -- one slope for both arms together; a ratio is not adjusted
    sloped as (
        select
            *,
            case
                when kind = 'mean'
                then
                    coalesce(
                        (sum_xy - sum_x * sum_y / n) / nullif(sum_xx - sum_x * sum_x / n, 0), 0
                    )
                else 0
            end as slope,
            case when kind = 'mean' then difference / reached_difference end as complier_effect
        from totals
    )
select *
from sloped
