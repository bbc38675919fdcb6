-- What a channel's holdout says orders credited to it are worth: orders it brought, divided by
-- orders it was credited with, among the same people since the same moment. These are who won one
-- of its places, filled or left empty: who never won one adds nothing but noise.
{% set rules = ["first", "last", "linear", "position", "time_decay", "shapley_channel"] %}
with
    scopes as (
        select
            experiment,
            case when min(scope_type) = 'all' then '(any)' else min(scope_key) end as channel
        from {{ ref("experiments") }}
        where scope_type in ('all', 'channel')
        group by experiment
    ),
    summed as (
        select
            scopes.experiment
            {% for rule in rules %}
                , sum(credits.{{ rule }}_micro) / 1000000.0e0 as {{ rule }}_orders
            {% endfor %}
        from scopes
        inner join
            {{ ref("int_experiment_units") }} as units
            on units.experiment = scopes.experiment
            and units.analysis = 'ghosts'
            and units.arm = 'treated'
        inner join
            {{ ref("fct_journey_credits") }} as credits
            on credits.customer_id = units.customer_id
            and credits.ended_at >= units.started_at
        inner join
            {{ ref("dim_path_steps") }} as steps
            on steps.step_number = credits.step_number
            and (steps.channel = scopes.channel or scopes.channel = '(any)')
        group by scopes.experiment
    ),
    -- where nothing is credited yet there is no factor, but there is a holdout
    credited as (
        select
            scopes.experiment,
            scopes.channel
            {% for rule in rules %}
                , coalesce(summed.{{ rule }}_orders, 0) as {{ rule }}_orders
            {% endfor %}
        from scopes
        left join summed on summed.experiment = scopes.experiment
    ),
    long as (
        {% for rule in rules %}
            select
                experiment,
                channel,
                '{{ rule.replace("_channel", "") }}' as rule,
                {{ rule }}_orders as orders
            from credited
            union all
        {% endfor %}
        -- the chain's share is of months, not of people: it is held against the even split
        select experiment, channel, 'markov', linear_orders
        from credited
    )
select
    -- keys
    long.channel,
    long.rule,
    -- identifiers
    long.experiment,
    -- facts
    long.orders as credited_count,
    lift.incremental_total as incremental_count,
    lift.incremental_low,
    lift.incremental_high,
    lift.incremental_total / nullif(long.orders, 0) as factor,
    lift.incremental_low / nullif(long.orders, 0) as factor_low,
    lift.incremental_high / nullif(long.orders, 0) as factor_high
from long
inner join
    {{ ref("fct_lift") }} as lift
    on lift.experiment = long.experiment
    and lift.analysis = 'ghosts'
    and lift.metric = 'orders'
    and lift.control_arm = 'held_out'
where not lift.is_srm_failed
