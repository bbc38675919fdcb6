-- Links of which this pass may have something else to tell, and what was judged of them: judged
-- again, or one of their identifiers became somebody else. History is looked through for them once.
-- None when everything is built anew, for then it is all of them.
{% set before = identity_before() %}
{% if before %}
    with
        changed as (
            select identifier_key
            from {{ ref("int_customer_assignments") }}
            where {{ is_new_to_identity("batch", before) }}
        ),
        right_sides as (
            select *
            from {{ ref("int_links_judged") }}
            where right_key in (select identifier_key from changed)
        )
    select *
    from {{ ref("int_links_judged") }}
    where {{ is_new_to_identity("batch", before) }}
    union all
    select *
    from {{ ref("int_links_judged") }}
    where
        left_key in (select identifier_key from changed)
        and not ({{ is_new_to_identity("batch", before) }})
    union all
    select *
    from right_sides
    where
        left_key not in (select identifier_key from changed)
        and not ({{ is_new_to_identity("batch", before) }})
{% else %} select * from {{ ref("int_links_judged") }} where 1 = 0
{% endif %}
