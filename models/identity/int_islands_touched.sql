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
        touched as (
            select component
            from {{ ref("int_islands_met") }}
            union
            select component
            from {{ ref("int_islands_1") }}
            where {{ is_new_to_identity("batch", before) }}
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
