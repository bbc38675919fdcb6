-- Every identifier and the customer it speaks for today; a shared or anonymous one
-- speaks for nobody.
{{ config(materialized="carried", unique_key=["identifier_key"]) }}
{% set before = identity_before() %}
with
    touched as (
        select identifier_key
        from {{ ref("int_customer_assignments") }}
        where {{ is_new_to_identity("batch", before) }}
        union
        select identifier_key
        from {{ ref("int_identifiers_observed") }}
        where {{ is_new_to_identity("batch", before) }}
    ),
    newest as (
        select history.identifier_key, max(history.valid_from) as valid_from
        from {{ ref("int_assignment_changes") }} as history
        inner join touched on touched.identifier_key = history.identifier_key
        group by history.identifier_key
    )
select
    -- keys
    assignments.identifier_key,
    observed.identifier_type,
    observed.identifier,
    {{ customer_of_number("assignments.customer_number") }} as customer_id,
    -- facts
    assignments.is_shared,
    assignments.refusal_reason,
    observed.source_count,
    observed.last_source,
    observed.record_count,
    -- times
    observed.first_seen_at,
    observed.last_seen_at,
    newest.valid_from
from {{ ref("int_customer_assignments") }} as assignments
inner join touched on touched.identifier_key = assignments.identifier_key
inner join
    {{ ref("int_identifiers_observed") }} as observed
    on observed.identifier_key = assignments.identifier_key
inner join newest on newest.identifier_key = assignments.identifier_key
