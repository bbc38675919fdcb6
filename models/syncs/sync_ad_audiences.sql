-- Who is to see ads today: decided like any other message, hashed as the platform wants it.
with
    due as (
        select
            s.sync_id,
            d.decision_id,
            d.customer_id,
            {{ hashed_identity_of("d.contact_type", "d.contact_point") }} as identity,
            row_number() over (
                partition by s.sync_id, d.contact_type, d.contact_point
                order by d.decided_at desc, d.decision_id
            ) as place
        from {{ ref("fct_due_decisions") }} as d
        join
            {{ ref("syncs") }} as s
            on s.content = 'decisions'
            and s.mode = 'mirror'
            and {{ is_listed("d.channel", "s.message_channel") }}
    )
select
    -- keys
    sync_id,
    {{ member_key_of("identity") }} as member_key,
    -- identifiers
    identity,
    customer_id,
    decision_id,
    -- facts: the decision gate saw the consent
    '{"customer_consent":true}' as payload
from due
where place = 1
