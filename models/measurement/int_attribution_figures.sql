-- Every rule's figures by month: for all touches together, by channel and by campaign;
-- and what was spent there.
{% set rules = ["first", "last", "linear", "position", "time_decay", "shapley", "markov"] %}
with
    named as (
        select sums.*, steps.channel, steps.campaign
        from {{ ref("int_attribution_sums") }} as sums
        left join {{ ref("dim_path_steps") }} as steps on steps.step_number = sums.step_number
    ),
    rows_of_rules as (
        {% for level in ["all", "channel", "campaign"] %}
            {% for rule in rules if rule != "markov" or level == "all" %}
                {% set counted = (
                    "linear"
                    if rule == "markov"
                    else rule
                    ~ (
                        ""
                        if rule != "shapley"
                        else ("_campaign" if level == "campaign" else "_channel")
                    )
                ) %}
                select
                    period_date,
                    '{{ level }}' as level,
                    '{{ rule }}' as rule,
                    case
                        when step_number is null
                        then '(no touch)'
                        else {{ "'(any)'" if level == "all" else "channel" }}
                    end as channel,
                    case
                        when step_number is null
                        then '(no touch)'
                        else {{ "campaign" if level == "campaign" else "'(all)'" }}
                    end as campaign,
                    {{ counted }}_orders as orders,
                    {{ counted }}_revenue as revenue,
                    {{ counted }}_refunds as refunds
                from named
                union all
            {% endfor %}
        {% endfor %}
        select period_date, level, 'markov', channel, campaign, orders, revenue, refunds
        from {{ ref("int_attribution_shares") }}
        union all
        select
            fitted.period_date,
            fitted.level,
            'markov',
            '(no touch)',
            '(no touch)',
            named.linear_orders,
            named.linear_revenue,
            named.linear_refunds
        from named
        inner join
            (select distinct period_date, level from {{ ref("int_attribution_shares") }}) as fitted
            on fitted.period_date = named.period_date
        where named.step_number is null
        union all
        -- money spent where nothing is credited is told all the same
        {% for level in ["channel", "campaign"] %}
            {% for rule in rules if rule != "markov" %}
                select
                    period_date,
                    '{{ level }}',
                    '{{ rule }}',
                    channel,
                    {{ "campaign" if level == "campaign" else "'(all)'" }},
                    0,
                    0,
                    0
                from {{ ref("int_channel_spend") }} {{ "union all" if not loop.last }}
                {% endfor %} {{ "union all" if not loop.last }}
        {% endfor %}
    )
select
    -- keys
    period_date,
    level,
    rule,
    channel,
    campaign,
    -- facts
    cast(sum(orders) as bigint) as orders,
    cast(sum(revenue) as bigint) as revenue,
    cast(sum(refunds) as bigint) as refunds
from rows_of_rules
group by period_date, level, rule, channel, campaign
