{# Connected components, exact or failing. The model says which pairs (a, b) belong together, (a, a) for a node that may
   stand alone; the table says (node, component): the smallest node of each component names it. With carried=true it goes on
   from the table as it stands (see carry_components) and says in which batch a row was written. #}
{% materialization components, default, supported_languages = ["sql"] %}
    {% set target_relation = this.incorporate(type="table") %}
    {% set name = this.identifier %}
    {{ run_hooks(pre_hooks) }}
    {% do replace_working_table(name ~ "__pairs", sql) %}
    {% if config.get("carried", false) and identity_before() %}
        {% do carry_components(name, target_relation) %}
    {% else %} {% do build_components(name, target_relation) %}
    {% endif %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({"relations": [target_relation]}) }}
{% endmaterialization %}

{% macro build_components(name, relation) %}
    {% do replace_working_table(
        name ~ "__edges_0", distinct_edges(working_table(name ~ "__pairs"))
    ) %}
    {% set rounds = contract_edges(name) %}
    {% do unwind_labels(name, rounds) %}
    {% call statement("main") %}
        {{ replace_table_as(relation, labelled_nodes(name, config.get("carried", false))) }}
    {% endcall %}
    {% do drop_working_tables(name, rounds) %}
{% endmacro %}

{% macro distinct_edges(pairs) %}
    select distinct least(a, b) as a, greatest(a, b) as b from {{ pairs }} where a <> b
{% endmacro %}

{% macro labelled_nodes(name, is_carried) %}
    select
        pairs.node,
        coalesce(labels.p, pairs.node) as component
        {% if is_carried %}, {{ identity_batch(none) }} as batch {% endif %}
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
