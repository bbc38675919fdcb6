-- What the next messages of a week do: people whose cap let them through beside people
-- whose cap did not, in weeks when both would have got them. What observed counts would
-- say stands beside it.
with
    observed as (
        select
            priced.experiment,
            priced.scope_type,
            priced.scope_key,
            priced.max_count,
            avg(
                case when weeks.contact_count >= priced.max_count then weeks.order_count * 1.0e0 end
            ) - avg(
                case
                    when weeks.contact_count = priced.tighter_count then weeks.order_count * 1.0e0
                end
            ) as difference
        from {{ ref("int_pressure_priced") }} as priced
        inner join
            {{ ref("int_pressure_weeks") }} as weeks
            on weeks.experiment = priced.experiment
            and weeks.scope_type = priced.scope_type
            and weeks.scope_key = priced.scope_key
        group by priced.experiment, priced.scope_type, priced.scope_key, priced.max_count
    ),
    checked as (select experiment, is_srm_failed from {{ ref("fct_experiments") }})
select
    -- keys
    priced.experiment,
    case
        when priced.scope_type = 'global' then 'all channels' else priced.scope_key
    end as channel_group,
    priced.tighter_count + 1 as from_count,
    priced.max_count as to_count,
    -- facts
    cast(priced.people as bigint) as customer_count,
    cast(priced.weeks as bigint) as week_count,
    round(priced.lost_amount, 2) as lost_amount,
    {% for name, figure, error in [
        ("order", "priced.order_effect", "priced.order_error"),
        ("revenue", "priced.revenue_effect", "priced.revenue_error"),
        ("opt_out", "priced.opt_out_effect", "priced.opt_out_error"),
        ("net", "priced.net_value", "priced.net_error"),
    ] %}
        {% for part, value in [
            ("value" if name == "net" else "effect", figure),
            ("error", error),
            ("low", figure ~ " - priced.looks * " ~ error),
            ("high", figure ~ " + priced.looks * " ~ error),
        ] %}
            case
                when not checked.is_srm_failed then {{ rounded(value) }}
            end as {{ name }}_{{ part }},
        {% endfor %}
    {% endfor %}
    {{ rounded("observed.difference") }} as observed_difference,
    'observed, not an effect: who is engaged gets more messages' as observed_label,
    case
        when checked.is_srm_failed or priced.fewest < {{ var("least_people") }}
        then null
        when priced.net_value < 0
        then priced.tighter_count
        else priced.max_count
    end as suggested_cap,
    case
        when checked.is_srm_failed
        then 'withheld: the arms are not the size they were drawn'
        when priced.fewest < {{ var("least_people") }} or priced.net_error is null
        then 'too few people'
        when priced.net_value - priced.looks * priced.net_error > 0
        then 'worth sending'
        when priced.net_value + priced.looks * priced.net_error < 0
        then 'costs more than it brings'
        else 'cannot tell yet'
    end as verdict,
    -- times
    {{ as_of() }} as seen_at
from {{ ref("int_pressure_priced") }} as priced
inner join checked on checked.experiment = priced.experiment
left join
    observed
    on observed.experiment = priced.experiment
    and observed.scope_type = priced.scope_type
    and observed.scope_key = priced.scope_key
    and observed.max_count = priced.max_count
