-- What became of the messages sent after each past cutoff: how many were clicked or redeemed.
with
    sent as (
        select
            cutoffs.cutoff_number,
            contacts.customer_id,
            contacts.message_id,
            contacts.touch_key,
            contacts.occurred_at
        from {{ ref("int_score_cutoffs") }} as cutoffs
        inner join
            (
                select customer_id, message_id, event_id as touch_key, occurred_at
                from {{ ref("fct_contact_events") }}
                where contact_type = 'sent' and message_id is not null
            ) as contacts
            on contacts.occurred_at >= cutoffs.cutoff_at
            and contacts.occurred_at
            < {{ add_seconds("cutoffs.ends_at", "-86400 * " ~ var("click_window_days")) }}
        where cutoffs.cutoff_number > 0
    ),
    answered as (
        select distinct sent.cutoff_number, sent.touch_key
        from sent
        inner join
            {{ ref("fct_contact_events") }} as answers
            on answers.customer_id = sent.customer_id
            and answers.message_id = sent.message_id
        where
            answers.contact_type in ('clicked', 'redeemed')
            and not answers.is_machine
            and answers.occurred_at >= sent.occurred_at
            and answers.occurred_at
            < {{ add_seconds("sent.occurred_at", "86400 * " ~ var("click_window_days")) }}
    ),
    counted as (
        select
            sent.cutoff_number,
            sent.customer_id,
            sent.message_id,
            count(*) as trial_count,
            count(answered.touch_key) as success_count
        from sent
        left join
            answered
            on answered.cutoff_number = sent.cutoff_number
            and answered.touch_key = sent.touch_key
        group by sent.cutoff_number, sent.customer_id, sent.message_id
    )
select
    -- keys
    features.cutoff_number,
    features.customer_id,
    counted.message_id,
    -- facts
    cast(counted.trial_count as bigint) as trial_count,
    cast(counted.success_count as bigint) as success_count,
    -- features
    {% for feature in score_features() %}
        features.{{ feature }}{{ "," if not loop.last }}
    {% endfor %}
from counted
inner join
    {{ ref("int_features__measured") }} as features
    on features.cutoff_number = counted.cutoff_number
    and features.customer_id = counted.customer_id
