-- The islands that identifiers and links with a new verdict lie on, as they were: history is looked
-- through for them once. None when everything is built anew.
{% set before = identity_before() %}
{% set links, judged = ref("int_links_judged"), ref("int_identifiers_judged") %}
{% if before %}
    with
        stirred as (
            {% for side in ["left_key", "right_key"] %}
                select {{ side }} as node
                from {{ links }}
                where {{ is_new_to_identity("ruled_batch", before) }}
                union
            {% endfor %}
            select identifier_key as node
            from {{ judged }}
            where {{ is_new_to_identity("ruled_batch", before) }}
        )
    select node, component
    from {{ by_name("int_islands_1") }}
    where node in (select node from stirred)
{% else %} select identifier_key as node, identifier_key as component from {{ judged }} where 1 = 0
{% endif %}
