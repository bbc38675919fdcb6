{# From the last round back to the first: a node takes the label of the root it was contracted into. Labels of a round hold every node that left in it or later. #}
{% macro unwind_labels(name, rounds) %}
    {% set nothing = "select cast(0 as bigint) as v, cast(0 as bigint) as p where 1 = 0" %}
    {% do replace_working_table(name ~ "__labels_" ~ rounds, nothing) %}
    {% for step in range(rounds) %}
        {% set round = rounds - 1 - step %}
        {% set later = working_table(name ~ "__labels_" ~ (round + 1)) %}
        {% set labels %}
            select x.v, coalesce(y.p, x.p) as p
            from {{ working_table(name ~ "__parents_" ~ round) }} as x
            left join {{ later }} as y on y.v = x.p
            union all
            select v, p from {{ later }}
        {% endset %}
        {% do replace_working_table(name ~ "__labels_" ~ round, labels) %}
        {% do drop_working_table(name ~ "__parents_" ~ round) %}
        {% do drop_working_table(name ~ "__labels_" ~ (round + 1)) %}
    {% endfor %}
{% endmacro %}

{% macro drop_working_tables(name, rounds) %}
    {% for working in ("pairs", "hooks", "inner_0", "inner_1", "left_over", "labels_0") %}
        {% do drop_working_table(name ~ "__" ~ working) %}
    {% endfor %}
    {% for round in range(rounds + 1) %}
        {% do drop_working_table(name ~ "__edges_" ~ round) %}
    {% endfor %}
{% endmacro %}
