-- As many contacts without a decision of ours as sends without one: none lost, none counted twice.
with
    sends as (
        select count(*) as send_count
        from {{ ref("fct_contact_events") }} as events
        left join
            {{ ref("stg_downbeat__decisions") }} as decisions
            on decisions.decision_id = events.decision_id
            and not decisions.is_future
        where events.contact_type = 'sent' and decisions.decision_id is null
    ),
    contacts as (
        select count(*) as contact_count from {{ ref("fct_contacts") }} where decision_id is null
    )
select sends.send_count, contacts.contact_count
from sends
cross join contacts
where sends.send_count <> contacts.contact_count
