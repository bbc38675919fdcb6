-- Decisions made for a customer while it held what turned out to be somebody else: after a split,
-- whom to look at, and who got what was meant for whom.
with
    parted as (
        select
            gone.previous_customer_id as customer_id,
            gone.customer_id as parted_customer_id,
            gone.valid_from as parted_at,
            min(came.valid_from) as joined_at
        from {{ ref("fct_identifier_assignments") }} as gone
        inner join
            {{ ref("fct_identifier_assignments") }} as came
            on came.identifier_key = gone.identifier_key
            and came.change_number = gone.change_number - 1
        inner join
            {{ ref("fct_identity_changes") }} as changes
            on changes.kind = 'split'
            and changes.customer_id = gone.customer_id
            and changes.other_customer_id = gone.previous_customer_id
            and changes.changed_at = gone.valid_from
        group by gone.previous_customer_id, gone.customer_id, gone.valid_from
    ),
    owners as (
        select identifier_type, identifier, customer_id
        from {{ ref("dim_customer_identifiers") }}
        where customer_id is not null
    )
select
    -- keys
    decisions.decision_id,
    parted.parted_customer_id,
    -- identifiers
    decisions.customer_id,
    owners.customer_id as reached_customer_id,
    decisions.message_id,
    decisions.channel,
    -- facts
    case
        when owners.customer_id = parted.parted_customer_id
        then
            'sent to the other person: decided for '
            || decisions.customer_id
            || ', reached '
            || owners.customer_id
        else
            'decided with what '
            || parted.parted_customer_id
            || ' did in mind as well, while both were taken for one'
    end as words,
    -- times
    decisions.decided_at,
    parted.joined_at,
    parted.parted_at
from {{ ref("fct_decisions") }} as decisions
inner join
    parted
    on parted.customer_id = decisions.customer_id
    and decisions.decided_at >= parted.joined_at
    and decisions.decided_at < parted.parted_at
left join
    owners
    on owners.identifier_type = decisions.contact_type
    and owners.identifier = decisions.contact_point
