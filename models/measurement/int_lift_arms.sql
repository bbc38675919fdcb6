-- Each arm's mean or ratio and how much it may vary, from its sums.
with
    moments as (
        select
            *,
            sum_y / n as mean_y,
            sum_x / n as mean_x,
            (sum_yy - sum_y * sum_y / n) / nullif(n - 1, 0) as var_y,
            (sum_xx - sum_x * sum_x / n) / nullif(n - 1, 0) as var_x,
            (sum_xy - sum_x * sum_y / n) / nullif(n - 1, 0) as cov_xy,
            sum_e / n as mean_e,
            (sum_e - sum_e * sum_e / n) / nullif(n - 1, 0) as var_e,
            (sum_ey - sum_e * sum_y / n) / nullif(n - 1, 0) as cov_ey,
            sum_y / nullif(sum_x, 0) as ratio
        from {{ ref("int_lift_sums") }}
    )
select
    -- keys
    experiment,
    analysis,
    metric,
    arm,
    -- facts
    kind,
    n,
    sum_y,
    sum_x,
    sum_xx,
    sum_xy,
    case when kind = 'ratio' then ratio else mean_y end as mean,
    -- of a ratio by the delta method
    case
        when kind = 'ratio'
        then (var_y - 2 * ratio * cov_xy + ratio * ratio * var_x) / nullif(mean_x * mean_x, 0)
        else var_y
    end as variance,
    mean_x,
    var_x,
    cov_xy,
    mean_e,
    var_e,
    cov_ey,
    cap,
    crossed_count,
    -- times
    started_at
from moments
