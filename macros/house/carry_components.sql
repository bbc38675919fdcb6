{# Components, going on from the table as it stands. The model's pairs are then only those that are new (is_link), and, for a
   component that may fall apart, a row (component, component, not is_link) and all of its pairs. A component that is met
   and not taken apart takes part as one node, so cost grows with what the pairs meet, not with history. What the table
   says of the nodes of those pairs, and of all nodes of what may fall apart, stands in the tables named as known. #}
{% macro carry_components(name, relation) %}
    {% set before = identity_before() %}
    {% do replace_working_table(name ~ "__known", known_nodes()) %}
    {% do replace_working_table(name ~ "__ends", ends_in_play(name)) %}
    {% do replace_working_table(name ~ "__edges_0", edges_between_ends(name)) %}
    {% set rounds = contract_edges(name) %}
    {% do unwind_labels(name, rounds) %}
    {% do replace_working_table(name ~ "__rows", relabelled_nodes(name, relation, before)) %}
    {% call statement("main") %}
        {{ put_rows(relation, working_table(name ~ "__rows"), ["node"]) }}
    {% endcall %}
    {% do drop_rounds(name, rounds, ["pairs", "known", "ends", "rows"]) %}
{% endmacro %}

{% macro known_nodes() %}
    {% for table in config.require("known") %}
        select node, component from {{ by_name(table) }} {{ "union" if not loop.last }}
    {% endfor %}
{% endmacro %}

{# Every node of a new pair, and all of a component taken apart: the latter as itself, the former as its component. #}
{% macro ends_in_play(name) %}
    {% set known = working_table(name ~ "__known") %}
    {% set loose = (
        "(select distinct a as component from "
        ~ working_table(name ~ "__pairs")
        ~ " where not is_link)"
    ) %}
    select
        ends.node,
        case
            when loose.component is null then coalesce(ends.component, ends.node) else ends.node
        end as stand_in,
        ends.component is null or loose.component is not null as is_open
    from
        (
            select shown.node, held.component
            from ({{ linked_nodes(working_table(name ~ "__pairs")) }}) as shown
            left join {{ known }} as held on held.node = shown.node
            union
            select held.node, held.component
            from {{ known }} as held
            inner join {{ loose }} as taken on taken.component = held.component
        ) as ends
    left join {{ loose }} as loose on loose.component = ends.component
{% endmacro %}

{% macro linked_nodes(pairs) %}
    select a as node
    from {{ pairs }}
    where is_link
    union
    select b as node
    from {{ pairs }}
    where is_link
{% endmacro %}

{% macro edges_between_ends(name) %}
    select distinct least(l.stand_in, r.stand_in) as a, greatest(l.stand_in, r.stand_in) as b
    from {{ working_table(name ~ "__pairs") }} as pairs
    inner join {{ working_table(name ~ "__ends") }} as l on l.node = pairs.a
    inner join {{ working_table(name ~ "__ends") }} as r on r.node = pairs.b
    where pairs.is_link and l.stand_in <> r.stand_in
{% endmacro %}

{# New nodes and those set loose, and every node of a component that lost its name to a smaller one. #}
{% macro relabelled_nodes(name, relation, before) %}
    {% set labels = working_table(name ~ "__labels_0") %}
    select
        ends.node,
        coalesce(labels.p, ends.stand_in) as component,
        {{ identity_batch(before) }} as batch
    from {{ working_table(name ~ "__ends") }} as ends
    left join {{ labels }} as labels on labels.v = ends.stand_in
    where ends.is_open
    union all
    select held.node, labels.p as component, {{ identity_batch(before) }} as batch
    from {{ relation }} as held
    inner join {{ labels }} as labels on labels.v = held.component and labels.p <> labels.v
    where held.node not in (select node from {{ working_table(name ~ "__ends") }} where is_open)
{% endmacro %}
