-- How often each customer had answered on each channel by each cutoff, beside how often everybody
-- had: two contacts and one answer more for everybody, so that no rate is nought.
{{ config(materialized="view") }}
with
    counted as (
        select
            cutoffs.cutoff_number,
            answers.customer_id,
            answers.channel,
            cast(sum(answers.contact_count) as bigint) as own_trial_count,
            cast(
                sum(
                    case
                        when answers.answer_known_at <= cutoffs.cutoff_at
                        then answers.contact_count
                        else 0
                    end
                ) as bigint
            ) as own_success_count
        from {{ ref("int_score_cutoffs") }} as cutoffs
        inner join
            {{ ref("int_contact_answers") }} as answers
            -- only what can no longer be answered
            on answers.sent_at
            <= {{ add_seconds("cutoffs.cutoff_at", "-86400 * " ~ var("click_window_days")) }}
            and answers.known_at <= cutoffs.cutoff_at
            and answers.sent_at
            >= {{ add_seconds("cutoffs.cutoff_at", "-86400 * " ~ var("habit_days")) }}
        group by cutoffs.cutoff_number, answers.customer_id, answers.channel
    ),
    compared as (
        select
            *,
            cast(
                2 + sum(own_trial_count) over (partition by cutoff_number, channel) as bigint
            ) as base_trial_count,
            cast(
                1 + sum(own_success_count) over (partition by cutoff_number, channel) as bigint
            ) as base_success_count
        from counted
    ),
    expected as (
        select
            *,
            {{
                whole_division(
                    "1000000 * own_trial_count * base_success_count", "base_trial_count"
                )
            }} as expected_micro
        from compared
    )
select
    -- keys
    cutoff_number,
    customer_id,
    channel,
    -- facts
    own_trial_count,
    own_success_count,
    base_trial_count,
    base_success_count,
    cast(
        sum(own_success_count) over (partition by cutoff_number, customer_id) as bigint
    ) as any_success_count,
    cast(
        sum(expected_micro) over (partition by cutoff_number, customer_id) as bigint
    ) as any_expected_micro
from expected
