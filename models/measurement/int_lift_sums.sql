-- All that a comparison needs of an arm, as eight sums per figure: money is capped where it is
-- largest, at the thousandth highest of a thousand.
{% set money = ["revenue", "revenue_before"] %}
with
    ranked as (
        select
            *,
            count(*) over (partition by experiment, analysis) as unit_count
            {% for column in money %}
                ,
                row_number() over (
                    partition by experiment, analysis order by {{ column }}, customer_id
                ) as {{ column }}_rank
            {% endfor %}
        from {{ ref("int_experiment_outcomes") }}
    ),
    ceilings as (
        select
            experiment,
            analysis
            {% for column in money %}
                ,
                min(
                    case when {{ column }}_rank * 1000 >= unit_count * 999 then {{ column }} end
                ) as {{ column }}_cap
            {% endfor %}
        from ranked
        group by experiment, analysis
    ),
    capped as (
        select
            outcomes.experiment,
            outcomes.analysis,
            outcomes.arm,
            outcomes.is_crossed,
            outcomes.reached,
            outcomes.orders,
            outcomes.orders_before,
            outcomes.buyers,
            outcomes.buyers_before,
            outcomes.opt_outs,
            ceilings.revenue_cap,
            {% for column in money %}
                least(outcomes.{{ column }}, ceilings.{{ column }}_cap) as {{ column }},
            {% endfor %}
            outcomes.started_at
        from {{ ref("int_experiment_outcomes") }} as outcomes
        inner join
            ceilings
            on ceilings.experiment = outcomes.experiment
            and ceilings.analysis = outcomes.analysis
    ),
    -- x is the same figure in the days before; of a ratio it is what stands below the line
    figures as (
        {% for metric, y, x, kind in [
            ("revenue", "revenue", "revenue_before", "mean"),
            ("orders", "orders", "orders_before", "mean"),
            ("buyers", "buyers", "buyers_before", "mean"),
            ("opt_outs", "opt_outs", "0.0e0", "mean"),
            ("order_value", "revenue", "orders", "ratio"),
        ] %}
            select
                experiment,
                analysis,
                arm,
                is_crossed,
                reached,
                started_at,
                '{{ metric }}' as metric,
                '{{ kind }}' as kind,
                {{ y }} as y,
                {{ x }} as x,
                {% if y == "revenue" %} revenue_cap
                {% else %} cast(null as double)
                {% endif %} as cap
            from capped {{ "union all" if not loop.last }}
        {% endfor %}
    )
select
    -- keys
    experiment,
    analysis,
    metric,
    arm,
    -- facts
    max(kind) as kind,
    cast(count(*) as double) as n,
    sum(y) as sum_y,
    sum(y * y) as sum_yy,
    sum(x) as sum_x,
    sum(x * x) as sum_xx,
    sum(x * y) as sum_xy,
    sum(reached) as sum_e,
    sum(reached * y) as sum_ey,
    max(cap) as cap,
    cast(sum(case when is_crossed then 1 else 0 end) as bigint) as crossed_count,
    min(started_at) as started_at
from figures
group by experiment, analysis, metric, arm
