{# The links that join at a step after the first: only within islands that broke a limit, and without what gave way so far.
   Every identifier stands there with itself and its kind, so none is lost, and history is not asked what it is. #}
{% macro island_edges(step) %}
    {% set limited = ref("int_links_limited") %}
    {% set kinds = "(select * from " ~ limited ~ " where left_key = right_key)" %}
    select left_key as a, right_key as b
    from {{ limited }}
    {% if step > 2 %}
            {% set islands = ref("int_islands_" ~ (step - 1)) %}
        where
            gives_way_at > {{ step - 1 }}
            and left_key in ({{ nodes_to_limit(islands, kinds, "left_key") }})
    {% endif %}
{% endmacro %}

{# Identifiers of the islands that hold more of a kind than one customer has. Of what kind each is stands in kinds. #}
{% macro nodes_to_limit(islands, kinds, key) %}
    select node
    from {{ islands }}
    where
        component in (
            select counted.component
            from {{ islands }} as counted
            inner join {{ kinds }} as kinds on kinds.{{ key }} = counted.node
            group by counted.component, kinds.identifier_type, kinds.max_per_customer
            having count(*) > kinds.max_per_customer
        )
{% endmacro %}
