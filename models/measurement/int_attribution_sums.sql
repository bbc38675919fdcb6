-- Per month and step: what every rule credits it with, of orders, of what they paid and of what was
-- paid back. Millionths of orders and of cents, so that sums are exact.
{% set rules = [
    "first",
    "last",
    "linear",
    "position",
    "time_decay",
    "shapley_channel",
    "shapley_campaign",
] %}
with
    orders as (
        select place, order_id, min(conversion_id) as order_conversion_id
        from {{ ref("fct_conversions") }}
        where conversion_type = 'order'
        group by place, order_id
    ),
    -- what is paid back is taken from those credited with the order
    conversions as (
        select
            cast(date_trunc('month', conversions.occurred_at) as date) as period_date,
            conversions.conversion_type = 'order' as is_order,
            case
                when conversions.conversion_type = 'order'
                then conversions.conversion_id
                else orders.order_conversion_id
            end as credited_id,
            cast(round(conversions.revenue_amount * 100) as bigint) as cents
        from {{ ref("fct_conversions") }} as conversions
        left join
            orders on orders.place = conversions.place and orders.order_id = conversions.order_id
    ),
    credited as (
        select
            conversions.period_date,
            conversions.is_order,
            conversions.cents,
            credits.step_number
            {% for rule in rules %}
                , coalesce(credits.{{ rule }}_micro, 1000000) as {{ rule }}_micro
            {% endfor %}
        from conversions
        left join
            {{ ref("fct_journey_credits") }} as credits
            on credits.conversion_id = conversions.credited_id
    )
select
    -- keys
    period_date,
    step_number
    -- facts
    {% for rule in rules %}
        ,
        {% for name, amount, condition in [
            ("orders", "1", "is_order"),
            ("revenue", "cents", "is_order"),
            ("refunds", "cents", "not is_order"),
        ] %}
            cast(
                sum(
                    case when {{ condition }} then {{ amount }} * {{ rule }}_micro else 0 end
                ) as bigint
            ) as {{ rule }}_{{ name }}{{ "," if not loop.last }}
        {% endfor %}
    {% endfor %}
from credited
group by period_date, step_number
