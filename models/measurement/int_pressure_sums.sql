-- For each loosening of a weekly cap: the weeks in which it made a difference, summed per person
-- and then per arm.
with
    ordered as (
        select
            *,
            lag(arm) over (
                partition by experiment, scope_type, scope_key order by max_count, arm
            ) as tighter_arm,
            lag(max_count) over (
                partition by experiment, scope_type, scope_key order by max_count, arm
            ) as tighter_count
        from {{ ref("int_cap_arms") }}
    ),
    steps as (
        select
            experiment,
            scope_type,
            scope_key,
            tighter_count,
            max_count,
            tighter_arm as arm,
            0 as is_looser
        from ordered
        where tighter_count < max_count
        union all
        select experiment, scope_type, scope_key, tighter_count, max_count, arm, 1 as is_looser
        from ordered
        where tighter_count < max_count
    ),
    people as (
        select
            steps.experiment,
            steps.scope_type,
            steps.scope_key,
            steps.tighter_count,
            steps.max_count,
            steps.is_looser,
            weeks.customer_id,
            cast(count(*) as double) as x,
            cast(sum(weeks.order_count) as double) as orders,
            cast(sum(weeks.revenue_amount) as double) as revenue,
            cast(sum(weeks.opt_out_count) as double) as opt_outs
        from steps
        inner join
            {{ ref("int_pressure_weeks") }} as weeks
            on weeks.experiment = steps.experiment
            and weeks.scope_type = steps.scope_type
            and weeks.scope_key = steps.scope_key
            and weeks.arm = steps.arm
            and weeks.wish_count > steps.tighter_count
        group by 1, 2, 3, 4, 5, 6, 7
    )
{% for metric in ["orders", "revenue", "opt_outs"] %}
    select
        -- keys
        experiment,
        scope_type,
        scope_key,
        tighter_count,
        max_count,
        is_looser,
        '{{ metric }}' as metric,
        -- facts
        cast(count(*) as double) as n,
        sum(x) as sum_x,
        sum(x * x) as sum_xx,
        sum({{ metric }}) as sum_y,
        sum({{ metric }} * {{ metric }}) as sum_yy,
        sum(x * {{ metric }}) as sum_xy
    from people
    group by 1, 2, 3, 4, 5, 6 {{ "union all" if not loop.last }}
{% endfor %}
