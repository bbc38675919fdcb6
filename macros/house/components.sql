{# Connected components, exact or failing. The model says which pairs (a, b) belong together, (a, a) for a node that may
   stand alone; the table says (node, component): the smallest node of each component names it. With carried=true it goes on
   from the table as it stands (see carry_components) and says in which batch a row was written. #}
{% materialization components, default, supported_languages = ["sql"] %}
    {% set target_relation = this.incorporate(type="table") %}
    {% set name = this.identifier %}
    {{ run_hooks(pre_hooks) }}
    {% if config.get("carried", false) and identity_before() %}
        {% do replace_working_table(name ~ "__pairs", sql) %}
        {% do carry_components(name, target_relation) %}
    {% else %} {% do build_components(name, target_relation, sql) %}
    {% endif %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({"relations": [target_relation]}) }}
{% endmaterialization %}

{% macro build_components(name, relation, pairs) %}
    {% set edges %}
        select least(a, b) as a, greatest(a, b) as b from ({{ pairs }}
        ) as pairs
    {% endset %}
    {% do replace_working_table(name ~ "__edges_0", edges) %}
    {% set rounds = contract_edges(name) %}
    {% do unwind_labels(name, rounds) %}
    {% do replace_working_table(name ~ "__loops", loops(name)) %}
    {% call statement("main") %} {{ replace_table_as(relation, built_nodes(name)) }} {% endcall %}
    {% do drop_working_table(name ~ "__loops") %}
    {% do drop_working_tables(name, rounds) %}
{% endmacro %}

{% macro built_nodes(name) %}
    select
        node,
        component
        {% if config.get("carried", false) %}, {{ identity_batch(none) }} as batch {% endif %}
    from ({{ labelled_nodes(name, has_rows(name ~ "__loops")) }}) as nodes
{% endmacro %}

{% macro loops(name) %}
    select distinct a as node from {{ working_table(name ~ "__edges_0") }} where a = b
{% endmacro %}

{# Labels hold every node but the smallest of each component. Those that stand alone are looked for only where there are any. #}
{% macro labelled_nodes(name, has_loops) %}
    {% set labels = working_table(name ~ "__labels_0") %}
    select v as node, p as component
    from {{ labels }}
    union all
    select p as node, p as component
    from {{ labels }}
    group by p
    {% if has_loops %}
        union all
        select loops.node, loops.node as component
        from {{ working_table(name ~ "__loops") }} as loops
        left join
            (
                select v as node
                from {{ labels }}
                union all
                select p as node
                from {{ labels }}
            ) as linked
            on linked.node = loops.node
        where linked.node is null
    {% endif %}
{% endmacro %}
