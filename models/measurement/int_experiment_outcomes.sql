-- What each person of an experiment did since, and in as long a time before; and whether what the
-- experiment is about reached them.
with
    units as (select * from {{ ref("int_experiment_units") }}),
    scopes as (
        select experiment, min(scope_type) as scope_type, min(scope_key) as scope_key
        from {{ ref("experiments") }}
        group by experiment
    ),
    before as (
        select *, {{ add_seconds("started_at", "-86400 * " ~ var("cuped_days")) }} as before_from
        from units
    ),
    bought as (
        select
            before.experiment,
            before.analysis,
            before.customer_id,
            {% for name, condition in [
                ("", "conversions.occurred_at >= before.started_at"),
                ("_before", "conversions.occurred_at < before.started_at"),
            ] %}
                sum(
                    case when {{ condition }} then conversions.revenue_amount else 0 end
                ) as revenue{{ name }},
                sum(
                    case
                        when {{ condition }} and conversions.conversion_type = 'order' then 1 else 0
                    end
                ) as orders{{ name }}{{ "," if not loop.last }}
            {% endfor %}
        from before
        inner join
            {{ ref("fct_conversions") }} as conversions
            on conversions.customer_id = before.customer_id
            and conversions.occurred_at >= before.before_from
        group by before.experiment, before.analysis, before.customer_id
    ),
    left_us as (
        select units.experiment, units.analysis, units.customer_id
        from units
        inner join
            {{ ref("fct_touches") }} as touches
            on touches.customer_id = units.customer_id
            and touches.occurred_at >= units.started_at
        where touches.touch_type in ('unsubscribed', 'complained')
        group by units.experiment, units.analysis, units.customer_id
    ),
    reached as (
        select units.experiment, units.analysis, units.customer_id
        from units
        inner join scopes on scopes.experiment = units.experiment
        inner join
            {{ ref("fct_contacts") }} as contacts
            on contacts.customer_id = units.customer_id
            and contacts.counted_at >= units.started_at
        where
            contacts.state <> 'released'
            and contacts.category <> 'service'
            and (
                scopes.scope_type in ('all', 'cap')
                or scopes.scope_type = 'channel'
                and scopes.scope_key = contacts.channel
                or scopes.scope_type = 'message'
                and scopes.scope_key = contacts.message_id
            )
        group by units.experiment, units.analysis, units.customer_id
    )
select
    -- keys
    units.experiment,
    units.analysis,
    units.customer_id,
    units.arm,
    -- facts
    units.is_crossed,
    cast(coalesce(bought.revenue, 0) as double) as revenue,
    cast(coalesce(bought.orders, 0) as double) as orders,
    case when coalesce(bought.orders, 0) > 0 then 1.0e0 else 0.0e0 end as buyers,
    case when left_us.customer_id is not null then 1.0e0 else 0.0e0 end as opt_outs,
    cast(coalesce(bought.revenue_before, 0) as double) as revenue_before,
    cast(coalesce(bought.orders_before, 0) as double) as orders_before,
    case when coalesce(bought.orders_before, 0) > 0 then 1.0e0 else 0.0e0 end as buyers_before,
    case when reached.customer_id is not null then 1.0e0 else 0.0e0 end as reached,
    -- times
    units.started_at
from units
{% for name in ["bought", "left_us", "reached"] %}
    left join
        {{ name }}
        on {{ name }}.experiment = units.experiment
        and {{ name }}.analysis = units.analysis
        and {{ name }}.customer_id = units.customer_id
{% endfor %}
