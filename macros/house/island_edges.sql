{# The links that join at a step after the first: only within islands that broke a limit, and without what gave way so far. #}
{% macro island_edges(step) %}
    {% set before = ref("int_islands_" ~ (step - 1)) %}
    with
        nodes as (
            select islands.node
            from {{ before }} as islands
            inner join
                ({{ islands_broken(step - 1) }}) as broken on broken.component = islands.component
        )
    select left_key as a, right_key as b
    from {{ ref("int_links_judged") }}
    where
        refusal_reason is null
        and gives_way_at > {{ step - 1 }}
        and left_key in (select node from nodes)
    union all
    select node as a, node as b
    from nodes
{% endmacro %}

{# Islands that hold more of a kind than one customer has: of the first step, only those that this pass has touched. #}
{% macro islands_broken(step) %}
    select distinct component
    from
        (
            select islands.component
            from {{ ref("int_islands_" ~ step) }} as islands
            {% if step == 1 %}
                inner join
                    {{ ref("int_islands_touched") }} as touched
                    on touched.component = islands.component
            {% endif %}
            inner join
                {{ ref("int_identifiers_judged") }} as judged
                on judged.identifier_key = islands.node
            group by islands.component, judged.identifier_type, judged.max_per_customer
            having count(*) > judged.max_per_customer
        ) as counted
{% endmacro %}
