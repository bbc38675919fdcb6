-- Every identifier and the customer it speaks for today; a shared or anonymous one speaks for
-- nobody.
with
    newest as (
        select identifier_key, max(valid_from) as valid_from
        from {{ ref("int_assignment_history") }}
        group by identifier_key
    )
select
    -- keys
    assignments.identifier_type,
    assignments.identifier,
    assignments.customer_id,
    -- facts
    assignments.is_shared,
    assignments.refusal_reason,
    judged.source_count,
    judged.last_source,
    judged.record_count,
    -- times
    judged.first_seen_at,
    judged.last_seen_at,
    history.valid_from
from {{ ref("int_customer_assignments") }} as assignments
inner join
    {{ ref("int_identifiers_judged") }} as judged
    on judged.identifier_key = assignments.identifier_key
inner join newest as history on history.identifier_key = assignments.identifier_key
