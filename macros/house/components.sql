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
    {% do unwind_labels(name, rounds, first=1) %}
    {% do replace_working_table(name ~ "__loops", loops(name)) %}
    {% call statement("main") %} {{ replace_table_as(relation, built_nodes(name)) }} {% endcall %}
    {% do drop_rounds(name, rounds, ["loops"]) %}
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

{# The last step of unwinding goes straight into the table. Labels hold every node but the smallest of each component: a
   root of the first round that no later round gave a parent. Those that stand alone are looked for only where there are any. #}
{% macro labelled_nodes(name, has_loops) %}
    select v as node, p as component
    from ({{ labels_of_round(name, 0) }}) as labels
    union all
    select roots.v as node, roots.v as component
    from {{ working_table(name ~ "__roots") }} as roots
    left join {{ working_table(name ~ "__labels_1") }} as later on later.v = roots.v
    where later.v is null
    {% if has_loops %}
        union all
        {{ nodes_alone(name) }}
    {% endif %}
{% endmacro %}

{% macro nodes_alone(name) %}
    select loops.node, loops.node as component
    from {{ working_table(name ~ "__loops") }} as loops
    left join
        (
            {% for linked in ("parents_0", "labels_1", "roots") %}
                select v
                from {{ working_table(name ~ "__" ~ linked) }} {{ "union all" if not loop.last }}
            {% endfor %}
        ) as linked
        on linked.v = loops.node
    where linked.v is null
{% endmacro %}
