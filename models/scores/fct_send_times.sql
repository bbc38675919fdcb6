-- When each customer reacts most, while knowing it beats everybody's hours: the likeliest parts of
-- their week.
with
    weights as (
        select model_version, coefficient as prior_count
        from {{ ref("int_score_weights") }}
        where model = 'send_time' and feature = 'prior_count'
    ),
    shared as (
        select
            habits.*,
            weights.model_version,
            1.0e0 * habits.base_success_count / habits.base_trial_count as base_share,
            {{ drawn_share("habits", "weights") }} as share
        from {{ ref("int_habits__timed") }} as habits
        cross join weights
        where habits.cutoff_number = 0
    ),
    rounded as (
        select
            *,
            cast(round(1.0e6 * share) as bigint) as share_micro,
            cast(round(1.0e6 * base_share) as bigint) as base_micro
        from shared
    ),
    ranked as (
        select
            *,
            row_number() over (
                partition by customer_id order by share_micro desc, weekday_part, hour_band
            ) as place
        from rounded
    )
select
    -- keys
    customer_id,
    cast(place as bigint) as place,
    -- identifiers
    model_version,
    -- facts
    weekday_part,
    hour_band,
    share_micro / 1.0e6 as share,
    base_micro / 1.0e6 as base_share,
    cast(own_trial_count as bigint) as reaction_count
from ranked
where place <= {{ var("send_time_places") }}
