-- Caps to loosen or tighten, by the pressure curve behind them, and caps at which too
-- many customers stand.
with
    caps as (
        select
            policy_id,
            max_n,
            case when scope_type = 'global' then 'all' else scope_key end as channel_group
        from {{ ref("caps") }} as rules
        where
            {{ is_valid_now("rules") }}
            and unit = 'customer'
            and segment = '*'
            and window_n = 7
            and window_unit = 'day'
            and scope_type in ('global', 'channel')
    ),
    curves as (
        select *, case when channel_group like 'all%' then 'all' else channel_group end as cap_group
        from {{ ref("fct_pressure_curve") }}
        where verdict in ('worth sending', 'costs more than it brings')
    ),
    lately as (
        select
            reason_code,
            max(reason) as reason,
            sum(stopped_customer_count) as stopped_count,
            sum(considered_customer_count) as considered_count
        from {{ ref("fct_saturation") }}
        where
            kind = 'cap' and {{ days_between("decided_date", as_of()) }} <= {{ var("advice_days") }}
        group by reason_code
    )
select
    case
        when curves.suggested_cap > caps.max_n then 'loosen a cap' else 'tighten a cap'
    end as kind,
    cast(caps.policy_id as string) as subject,
    'allow '
    || cast(curves.suggested_cap as string)
    || ' a week in place of '
    || cast(caps.max_n as string) as advice,
    'drawn by lot in '
    || curves.experiment
    || ': messages '
    || cast(curves.from_count as string)
    || ' to '
    || cast(curves.to_count as string)
    || ' of a week, '
    || curves.verdict as reason,
    curves.net_value as effect,
    curves.net_low as effect_low,
    curves.net_high as effect_high,
    'margin per customer and week in which they are wished for' as effect_unit,
    'caps' as seed,
    'policy_id=' || cast(caps.policy_id as string) as seed_key,
    cast(curves.week_count as bigint) as weight
from curves
inner join caps on caps.channel_group = curves.cap_group
where curves.suggested_cap is not null and curves.suggested_cap <> caps.max_n
union all
select
    'customers stand at a cap' as kind,
    cast(reason_code as string) as subject,
    'try a looser cap in an arm drawn by lot, or propose fewer messages to the same people'
    as advice,
    cast(cast(round(100.0e0 * stopped_count / considered_count) as bigint) as string)
    || ' in 100 considered customers heard less for it: '
    || reason as reason,
    cast(null as double) as effect,
    cast(null as double) as effect_low,
    cast(null as double) as effect_high,
    'unknown: only an arm drawn by lot could tell' as effect_unit,
    'caps' as seed,
    'policy_id=' || cast(reason_code as string) as seed_key,
    cast(stopped_count as bigint) as weight
from lately
where
    considered_count >= {{ var("advice_least_customers") }}
    and stopped_count * 100 >= considered_count * {{ var("advice_saturated_percent") }}
