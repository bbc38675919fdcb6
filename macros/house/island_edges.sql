{# The links that join at a step after the first: only within islands that broke a limit, and without what gave way so far. #}
{% macro island_edges(step) %}
    with nodes as ({{ nodes_to_limit(step - 1) }})
    select left_key as a, right_key as b
    from {{ ref("int_links_limited") }}
    where gives_way_at > {{ step - 1 }} and left_key in (select node from nodes)
    union all
    select node as a, node as b
    from nodes
{% endmacro %}

{# Identifiers of the islands that hold more of a kind than one customer has. #}
{% macro nodes_to_limit(step) %}
    select islands.node
    from {{ islands_to_limit(step) }} as islands
    where
        islands.component in (
            select counted.component
            from {{ islands_to_limit(step) }} as counted
            inner join
                {{ ref("int_identifiers_judged") }} as judged
                on judged.identifier_key = counted.node
            group by counted.component, judged.identifier_type, judged.max_per_customer
            having count(*) > judged.max_per_customer
        )
{% endmacro %}

{# The islands of a step; of the first, only those that this pass has touched. #}
{% macro islands_to_limit(step) %}
    {% set islands, touched = ref("int_islands_" ~ step), ref("int_islands_touched") %}
    {{ return(touched if step == 1 and identity_before() else islands) }}
{% endmacro %}
