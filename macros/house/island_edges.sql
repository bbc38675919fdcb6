{# The links that join at a step after the first: only within islands that broke a limit, and without what gave way so far.
   Every identifier stands there with itself, so none is lost. #}
{% macro island_edges(step) %}
    select left_key as a, right_key as b
    from {{ ref("int_links_limited") }}
    {% if step > 2 %}
        where
            gives_way_at > {{ step - 1 }}
            and left_key in ({{ nodes_to_limit(ref("int_islands_" ~ (step - 1))) }})
    {% endif %}
{% endmacro %}

{# Identifiers of the islands that hold more of a kind than one customer has. #}
{% macro nodes_to_limit(islands) %}
    select node
    from {{ islands }}
    where
        component in (
            select counted.component
            from {{ islands }} as counted
            inner join
                {{ ref("int_identifiers_judged") }} as judged
                on judged.identifier_key = counted.node
            group by counted.component, judged.identifier_type, judged.max_per_customer
            having count(*) > judged.max_per_customer
        )
{% endmacro %}
