-- Identifiers of islands in which a link no longer holds: it may have been what
-- held them together, so they are clustered again from all their links. depends_on:
-- {{ ref("int_links_judged") }}
{% set before = identity_before() %}
{% if before %}
    {# by name, for the islands read this table first #}
    {% set islands = this.incorporate(path={"identifier": "int_islands_1"}) %}
    with
        loosened as (
            select distinct left_side.component
            from {{ ref("int_links_judged") }} as ruled
            inner join {{ islands }} as left_side on left_side.node = ruled.left_key
            inner join
                {{ islands }} as right_side
                on right_side.node = ruled.right_key
                and right_side.component = left_side.component
            where
                {{ is_new_to_identity("ruled.ruled_batch", before) }}
                and ruled.refusal_reason is not null
        )
    select node, component
    from {{ islands }}
    where component in (select component from loosened)
{% else %} select cast(null as bigint) as node, cast(null as bigint) as component where 1 = 0
{% endif %}
