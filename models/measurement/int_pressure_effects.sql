-- What each loosening of a weekly cap did per week in which it made a difference, and how sure that
-- is: a ratio of sums over people, because a person's weeks are alike.
with
    arms as (
        select
            *,
            sum_y / sum_x as mean,
            (
                (sum_yy - sum_y * sum_y / n)
                - 2 * (sum_y / sum_x) * (sum_xy - sum_x * sum_y / n)
                + (sum_y / sum_x) * (sum_y / sum_x) * (sum_xx - sum_x * sum_x / n)
            )
            / nullif(n - 1, 0)
            / n
            / ((sum_x / n) * (sum_x / n)) as error_squared
        from {{ ref("int_pressure_sums") }}
    )
select
    -- keys
    looser.experiment,
    looser.scope_type,
    looser.scope_key,
    looser.tighter_count,
    looser.max_count,
    looser.metric,
    -- facts
    looser.n as looser_people,
    tighter.n as tighter_people,
    looser.sum_x + tighter.sum_x as weeks,
    looser.mean - tighter.mean as effect,
    {{ root_of("(looser.error_squared + tighter.error_squared)") }} as error
from arms as looser
inner join
    arms as tighter
    on tighter.experiment = looser.experiment
    and tighter.scope_type = looser.scope_type
    and tighter.scope_key = looser.scope_key
    and tighter.max_count = looser.max_count
    and tighter.metric = looser.metric
    and tighter.is_looser = 0
where looser.is_looser = 1
