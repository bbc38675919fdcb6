-- Links beside the identifiers this pass has to judge: history is looked through for them once.
-- None when everything is built anew, for then it is all of them.
{% set before = identity_before() %}
{% set columns = "left_key, right_key, left_type, right_type" %}
{% if before %}
    with
        touched as (select identifier_key from {{ ref("int_identifiers_touched") }}),
        right_sides as (
            select {{ columns }}
            from {{ ref("int_links_observed") }}
            where right_key in (select identifier_key from touched)
        )
    select {{ columns }}
    from {{ ref("int_links_observed") }}
    where left_key in (select identifier_key from touched)
    union all
    select {{ columns }}
    from right_sides
    where left_key not in (select identifier_key from touched)
{% else %} select {{ columns }} from {{ ref("int_links_observed") }} where 1 = 0
{% endif %}
