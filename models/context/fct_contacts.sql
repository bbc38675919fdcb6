-- Every contact made with a person on any channel: ours once decided, others' once sent.
with
    ours as (
        select
            'decision:' || decisions.decision_id as contact_id,
            decisions.customer_id,
            decisions.contact_type,
            decisions.contact_point,
            decisions.channel,
            decisions.category,
            decisions.campaign,
            decisions.message_id,
            decisions.decision_id,
            decisions.product_id,
            decisions.product_category,
            confirmed.state,
            -- An ad audience is a chance to be seen, not a contact: expected, never counted
            -- without this flag.
            decisions.channel = 'paid_social' as is_estimate,
            decisions.count_to_caps,
            confirmed.counted_at
        from {{ ref("int_decisions__recognised") }} as decisions
        inner join
            {{ ref("int_decisions__confirmed") }} as confirmed
            on confirmed.decision_id = decisions.decision_id
    ),
    theirs as (
        select
            contact_id,
            customer_id,
            contact_type,
            contact_point,
            channel,
            category,
            campaign,
            message_id,
            cast(null as string) as decision_id,
            cast(null as string) as product_id,
            cast(null as string) as product_category,
            'sent' as state,
            false as is_estimate,
            count_to_caps,
            counted_at
        from {{ ref("int_contacts__by_others") }}
    ),
    contacts as (
        select *
        from ours
        union all
        select *
        from theirs
    )
select
    -- keys
    contact_id,
    customer_id,
    -- identifiers
    contact_type,
    contact_point,
    channel,
    category,
    campaign,
    message_id,
    decision_id,
    product_id,
    product_category,
    -- facts
    state,
    is_estimate,
    count_to_caps,
    -- times
    counted_at
from contacts
