{# Identifiers with what was seen of them and whom they speak for: of this pass those it has to tell of, read from history
   once; when everything is built anew all of them, joined where they are read. #}
{% macro identifiers_to_tell(before) %}
    {% set told = ref("int_identifiers_to_tell") %}
    {% set all = "(" ~ identifiers_assigned(before) ~ ")" %}
    {{ return(told if before else all) }}
{% endmacro %}

{% macro identifiers_assigned(before) %}
    select
        observed.identifier_key,
        observed.identifier_type,
        observed.identifier,
        assignments.customer_number,
        assignments.is_shared,
        assignments.step,
        assignments.refusal_reason,
        observed.source_count,
        observed.last_source,
        observed.record_count,
        observed.first_seen_at,
        observed.last_seen_at,
        {{ is_new_to_identity("observed.batch", before) }}
        or {{ is_new_to_identity("assignments.batch", before) }} as is_stirred
    from {{ ref("int_identifiers_observed") }} as observed
    inner join
        {{ ref("int_customer_assignments") }} as assignments
        on assignments.identifier_key = observed.identifier_key
{% endmacro %}
