-- How likely each customer is to answer on each channel, while knowing it beats the rate of the
-- channel and the customer's on all channels.
with
    weights as (
        select model_version, coefficient as prior_count
        from {{ ref("int_score_weights") }}
        where model = 'channel_affinity' and feature = 'prior_count'
    ),
    rated as (
        select
            habits.*,
            weights.model_version,
            1.0e0 * habits.base_success_count / habits.base_trial_count as base_rate,
            {{ drawn_share("habits", "weights") }} as answer_rate
        from {{ ref("int_habits__answered") }} as habits
        cross join weights
        where habits.cutoff_number = 0
    )
select
    -- keys
    customer_id,
    channel,
    -- identifiers
    model_version,
    -- facts
    cast(round(1.0e6 * answer_rate) as bigint) / 1.0e6 as answer_rate,
    cast(round(1.0e6 * base_rate) as bigint) / 1.0e6 as base_rate,
    cast(round(100 * answer_rate / base_rate) as bigint) as percent_of_base,
    own_trial_count as contact_count,
    own_success_count as answer_count
from rated
