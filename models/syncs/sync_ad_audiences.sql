-- Who is to see ads today: decided like any other message, for Meta already hashed; other platforms
-- have rules of their own, which their connectors follow at the door.
with
    due as (
        select
            s.sync_id,
            d.decision_id,
            d.customer_id,
            case
                when s.destination = 'meta'
                then {{ hashed_identity_of("d.contact_type", "d.contact_point") }}
                else {{ identity_of("d.contact_type", "d.contact_point") }}
            end as identity,
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
