-- Every identifier and the customer it speaks for today; a shared or anonymous one
-- speaks for nobody.
{{ config(materialized="carried", unique_key=["identifier_key"]) }}
{% set before = identity_before() %}
with
    touched as (select * from {{ identifiers_to_tell(before) }} as identifiers where is_stirred),
    newest as (
        select identifier_key, max(valid_from) as valid_from
        from {{ ref("int_assignment_changes") }}
        {% if before %} where identifier_key in (select identifier_key from touched) {% endif %}
        group by identifier_key
    )
select
    -- keys
    touched.identifier_key,
    touched.identifier_type,
    touched.identifier,
    {{ customer_of_number("touched.customer_number") }} as customer_id,
    -- facts
    touched.is_shared,
    touched.refusal_reason,
    touched.source_count,
    touched.last_source,
    touched.record_count,
    -- times
    touched.first_seen_at,
    touched.last_seen_at,
    newest.valid_from
from touched
inner join newest on newest.identifier_key = touched.identifier_key
