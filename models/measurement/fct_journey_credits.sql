-- What every touch of a journey that led to an order is credited with, by six rules, in millionths
-- of the order. Credits are cut from the running total, so that none is lost.
with
    touches as (
        select
            journeys.journey_id,
            journeys.conversion_id,
            journeys.customer_id,
            {{ item_at("journeys.touch_ids", "places.place") }} as touch_id,
            {{ item_at("journeys.path", "places.place") }} as step_number,
            {{ item_at("journeys.seconds_before", "places.place") }} as seconds_before,
            places.place,
            journeys.touch_count,
            journeys.revenue_amount,
            journeys.ended_at
        from {{ ref("fct_journeys") }} as journeys {{ each_place(1, "journeys.touch_count") }}
        where journeys.outcome = 'converted'
    ),
    -- Shapley's value of "who was there when it happened": equal parts for all who were
    first_seen as (
        select
            *,
            {{ channel_of("step_number") }} as channel_number,
            row_number() over (
                partition by journey_id, {{ channel_of("step_number") }} order by place
            ) as channel_place,
            row_number() over (partition by journey_id, step_number order by place) as step_place
        from touches
    ),
    weighed as (
        select
            *,
            case when touch_count > 2 then touch_count - 2 else 0 end as middle_count,
            cast(
                round(
                    1000000000 * power(
                        0.5e0, seconds_before / (86400.0e0 * {{ var("credit_half_life_days") }})
                    )
                ) as bigint
            ) as decay_weight,
            case when channel_place = 1 then 1 else 0 end as channel_weight,
            case when step_place = 1 then 1 else 0 end as campaign_weight
        from first_seen
    ),
    run_up as (
        select
            *
            {% for rule in ["decay", "channel", "campaign"] %}
                ,
                cast(
                    sum({{ rule }}_weight) over (
                        partition by journey_id
                        order by place
                        rows between unbounded preceding and current row
                    ) as bigint
                ) as {{ rule }}_until,
                cast(
                    sum({{ rule }}_weight) over (partition by journey_id) as bigint
                ) as {{ rule }}_total
            {% endfor %}
        from weighed
    )
select
    -- keys
    journey_id,
    touch_id,
    -- identifiers
    conversion_id,
    customer_id,
    step_number,
    -- facts
    place,
    revenue_amount,
    case when place = 1 then 1000000 else 0 end as first_micro,
    case when place = touch_count then 1000000 else 0 end as last_micro,
    {{ credit_of("place - 1", 1, "touch_count") }} as linear_micro,
    case
        when middle_count = 0
        then {{ credit_of("place - 1", 1, "touch_count") }}
        when place in (1, touch_count)
        then 400000
        else {{ credit_of("place - 2", 1, "5 * middle_count") }}
    end as position_micro,
    {% for rule, name in [
        ("decay", "time_decay"),
        ("channel", "shapley_channel"),
        ("campaign", "shapley_campaign"),
    ] %}
        {{ credit_of(rule ~ "_until - " ~ rule ~ "_weight", rule ~ "_weight", rule ~ "_total") }}
        as {{ name }}_micro,
    {% endfor %}
    -- times
    ended_at
from run_up
