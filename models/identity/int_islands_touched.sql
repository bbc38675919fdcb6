-- Identifiers of islands this pass has to hold to the limits again: of an identifier or a link that
-- is new, moved or judged differently. When everything is built anew it is all of them, and there
-- is nothing to set apart. What was judged of each comes with it, looked up once.
-- depends_on: {{ ref("int_islands_1") }}
{% set before = identity_before() %}
{% set judgement = [
    "identifier_type",
    "max_per_customer",
    "is_anchor",
    "is_shared",
    "gives_way_at",
    "refusal_reason",
    "loaded_at",
] %}
{% if before %}
    with
        stirred as (
            select node
            from {{ ref("int_islands_1") }}
            where {{ is_new_to_identity("batch", before) }}
            union
            select left_key as node
            from {{ ref("int_links_judged") }}
            where {{ is_new_to_identity("ruled_batch", before) }}
            union
            select right_key as node
            from {{ ref("int_links_judged") }}
            where {{ is_new_to_identity("ruled_batch", before) }}
            union
            select identifier_key as node
            from {{ ref("int_identifiers_judged") }}
            where {{ is_new_to_identity("ruled_batch", before) }}
        ),
        touched as (
            select distinct component
            from {{ ref("int_islands_1") }}
            where node in (select node from stirred)
        ),
        nodes as (
            select node, component
            from {{ ref("int_islands_1") }}
            where component in (select component from touched)
        )
    select nodes.node, nodes.component, judged.{{ judgement | join(", judged.") }}
    from nodes
    inner join {{ ref("int_identifiers_judged") }} as judged on judged.identifier_key = nodes.node
{% else %}
    select identifier_key as node, cast(null as bigint) as component, {{ judgement | join(", ") }}
    from {{ ref("int_identifiers_judged") }}
    where 1 = 0
{% endif %}
