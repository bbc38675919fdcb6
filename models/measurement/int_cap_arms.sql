-- Which arm of which experiment has which weekly cap: the arm's own, and that of everybody else.
with
    caps as (
        select scope_type, scope_key, unit, segment, min(max_n) as max_count
        from {{ ref("caps") }} as rules
        where
            {{ is_valid_now("rules") }}
            and unit = 'customer'
            and window_n = 7
            and window_unit = 'day'
            and scope_type in ('global', 'channel')
        group by scope_type, scope_key, unit, segment
    ),
    arms as (
        select
            experiments.experiment, experiments.arm, caps.scope_type, caps.scope_key, caps.max_count
        from {{ ref("experiments") }} as experiments
        inner join caps on caps.segment = experiments.experiment || ':' || experiments.arm
        where experiments.scope_type = 'cap'
    )
select
    -- keys
    experiment,
    arm,
    scope_type,
    scope_key,
    -- facts
    cast(max_count as bigint) as max_count
from arms
union all
select distinct
    arms.experiment, 'treated', arms.scope_type, arms.scope_key, cast(caps.max_count as bigint)
from arms
inner join
    caps
    on caps.segment = '*'
    and caps.scope_type = arms.scope_type
    and caps.scope_key = arms.scope_key
