{# Identifiers to judge: of this pass with what was judged last; all that were ever observed when everything is built anew. #}
{% macro identifiers_to_judge(before) %}
    {% set asked = ref("int_identifiers_to_judge") %}
    {% set all = "(" ~ identifiers_counted(before) ~ ")" %}
    {{ return(asked if before else all) }}
{% endmacro %}

{# Identifiers this pass was shown, by what a verdict needs of the counts. #}
{% macro identifiers_counted(before) %}
    select
        identifiers.identifier_key,
        identifiers.identifier_type,
        identifiers.blocked_reason,
        coalesce(
            identifiers.record_count >= {{ var("burst_at_least_records") }}
            and identifiers.record_count
            > kinds.max_records_a_day
            * (1 + {{ days_between("identifiers.first_seen_at", "identifiers.last_seen_at") }}),
            false
        ) as is_burst,
        identifiers.loaded_at
    from {{ ref("int_identifiers_observed") }} as identifiers
    inner join
        {{ ref("identifier_types") }} as kinds
        on kinds.identifier_type = identifiers.identifier_type
    where {{ is_new_to_identity("identifiers.batch", before) }}
{% endmacro %}

{# What a verdict says of an identifier: one that says the same again is not written again. #}
{% macro identifier_verdict() %}
    {{
        return(
            [
                "strong_partner_count",
                "name_count",
                "gives_way_at",
                "refusal_reason",
                "blocked_reason",
                "is_burst",
                "loaded_at",
            ]
        )
    }}
{% endmacro %}
