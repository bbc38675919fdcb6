-- Every message sent to a known customer, and from when on we knew that it was answered, by a click
-- or a coupon within click_window_days.
{{ config(materialized="view") }}
with
    sent as (
        select customer_id, channel, about, occurred_at, known_at, count(*) as contact_count
        from {{ ref("int_score_contacts") }}
        where kind = 'sent' and about is not null and channel is not null
        group by customer_id, channel, about, occurred_at, known_at
    ),
    answers as (
        select customer_id, channel, about, occurred_at, known_at
        from {{ ref("int_score_contacts") }}
        where kind in ('clicked', 'redeemed')
    )
select
    -- keys
    sent.customer_id,
    sent.channel,
    sent.about,
    sent.occurred_at as sent_at,
    sent.known_at,
    -- facts
    max(sent.contact_count) as contact_count,
    -- times
    min(answers.known_at) as answer_known_at
from sent
left join
    answers
    on answers.customer_id = sent.customer_id
    and answers.channel = sent.channel
    and answers.about = sent.about
    and answers.occurred_at >= sent.occurred_at
    and answers.occurred_at
    < {{ add_seconds("sent.occurred_at", "86400 * " ~ var("click_window_days")) }}
group by sent.customer_id, sent.channel, sent.about, sent.occurred_at, sent.known_at
