-- Identifiers of which this pass tells something new, and those at the ends of such links: history
-- is asked for texts once. None when everything is built anew, for then it is all of them.
{% set before = identity_before() %}
{% if before %}
    with
        wanted as (
            select identifier_key
            from {{ ref("int_identifiers_observed") }}
            where {{ is_new_to_identity("batch", before) }}
            union
            select identifier_key
            from {{ ref("int_identifiers_moved") }}
            union
            select left_key as identifier_key
            from {{ ref("int_links_moved") }}
            union
            select right_key as identifier_key
            from {{ ref("int_links_moved") }}
        )
    select *
    from ({{ identifiers_assigned(before) }}) as assigned
    where identifier_key in (select identifier_key from wanted)
{% else %} select * from ({{ identifiers_assigned(before) }}) as assigned where 1 = 0
{% endif %}
