-- Each loosening of a weekly cap with its effects side by side, and what they come to in money when
-- somebody who leaves is missed for as much as a customer brought in the last year.
{% set looks = anytime_errors("people", var("planned_people")) %}
with
    wide as (
        select
            experiment,
            scope_type,
            scope_key,
            tighter_count,
            max_count,
            max(looser_people + tighter_people) as people,
            least(max(looser_people), max(tighter_people)) as fewest,
            max(weeks) as weeks
            {% for metric, name in [
                ("orders", "order"),
                ("revenue", "revenue"),
                ("opt_outs", "opt_out"),
            ] %}
                ,
                max(case when metric = '{{ metric }}' then effect end) as {{ name }}_effect,
                max(case when metric = '{{ metric }}' then error end) as {{ name }}_error
            {% endfor %}
        from {{ ref("int_pressure_effects") }}
        group by experiment, scope_type, scope_key, tighter_count, max_count
    ),
    -- what is lost with somebody who leaves: what a customer brings in the year to
    -- come, as in the last
    customers as (
        select
            sum(cast(revenue_amount as double))
            * {{ var("margin_rate") }}
            / nullif(count(distinct customer_id), 0) as lost_amount
        from {{ ref("fct_conversions") }}
        where customer_id is not null and occurred_at > {{ add_seconds(as_of(), "-31536000") }}
    ),
    priced as (
        select
            wide.*,
            coalesce(customers.lost_amount, 0) as lost_amount,
            {{ var("margin_rate") }} * revenue_effect
            - opt_out_effect * coalesce(customers.lost_amount, 0) as net_value,
            sqrt(
                power({{ var("margin_rate") }} * revenue_error, 2)
                + power(opt_out_error * coalesce(customers.lost_amount, 0), 2)
            ) as net_error,
            {{ looks }} as looks
        from wide
        cross join customers
    )
select *
from priced
