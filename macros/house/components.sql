{# Connected components. The model says which pairs (a, b) belong together, (a, a) for a node that may stand alone; the table says (node, component): the smallest node of each component names it. #}
{% materialization components, default, supported_languages = ["sql"] %}
    {% set target_relation = this.incorporate(type="table") %}
    {% set name = this.identifier %}
    {{ run_hooks(pre_hooks) }}
    {% do replace_working_table(name ~ "__pairs", sql) %}
    {% do replace_working_table(
        name ~ "__edges_0", distinct_edges(working_table(name ~ "__pairs"))
    ) %}
    {% set rounds = contract_edges(name) %}
    {% do unwind_labels(name, rounds) %}
    {% call statement("main") %}
        {{ replace_table_as(target_relation, labelled_nodes(name)) }}
    {% endcall %}
    {% do drop_working_tables(name, rounds) %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({"relations": [target_relation]}) }}
{% endmaterialization %}

{% macro distinct_edges(pairs) %}
    select distinct least(a, b) as a, greatest(a, b) as b from {{ pairs }} where a <> b
{% endmacro %}

{% macro labelled_nodes(name) %}
    select pairs.node, coalesce(labels.p, pairs.node) as component
    from
        (
            select a as node
            from {{ working_table(name ~ "__pairs") }}
            union
            select b as node
            from {{ working_table(name ~ "__pairs") }}
        ) as pairs
    left join {{ working_table(name ~ "__labels_0") }} as labels on labels.v = pairs.node
{% endmacro %}
