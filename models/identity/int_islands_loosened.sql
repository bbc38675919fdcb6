-- Identifiers of islands in which a link no longer holds: it may have been what held them together,
-- so they are clustered again from all their links.
{% set before = identity_before() %}
{% set links, met = ref("int_links_judged"), ref("int_islands_met") %}
{% if before %}
    with
        refused as (
            select left_key, right_key
            from {{ links }}
            where {{ is_new_to_identity("ruled_batch", before) }} and refusal_reason is not null
        ),
        loosened as (
            select distinct left_side.component
            from refused
            inner join {{ met }} as left_side on left_side.node = refused.left_key
            inner join
                {{ met }} as right_side
                on right_side.node = refused.right_key
                and right_side.component = left_side.component
        )
    select node, component
    from {{ by_name("int_islands_1") }}
    where component in (select component from loosened)
{% else %} select cast(null as bigint) as node, cast(null as bigint) as component where 1 = 0
{% endif %}
