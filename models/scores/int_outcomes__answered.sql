-- What became of the messages sent on each channel after each past cutoff, beside what the past of
-- their readers had said.
with
    later as (
        select
            cutoffs.cutoff_number,
            answers.customer_id,
            answers.channel,
            sum(answers.contact_count) as trial_count,
            sum(
                case when answers.answer_known_at is null then 0 else answers.contact_count end
            ) as success_count
        from {{ ref("int_score_cutoffs") }} as cutoffs
        inner join
            {{ ref("int_contact_answers") }} as answers
            on answers.sent_at >= cutoffs.cutoff_at
            and answers.sent_at
            < {{ add_seconds("cutoffs.ends_at", "-86400 * " ~ var("click_window_days")) }}
        where cutoffs.cutoff_number > 0
        group by cutoffs.cutoff_number, answers.customer_id, answers.channel
    )
select
    -- keys
    habits.cutoff_number,
    habits.customer_id,
    habits.channel,
    -- facts
    cast(later.trial_count as bigint) as trial_count,
    cast(later.success_count as bigint) as success_count,
    habits.own_trial_count,
    habits.own_success_count,
    habits.base_trial_count,
    habits.base_success_count,
    habits.any_success_count,
    habits.any_expected_micro
from {{ ref("int_habits__answered") }} as habits
inner join
    later
    on later.cutoff_number = habits.cutoff_number
    and later.customer_id = habits.customer_id
    and later.channel = habits.channel
