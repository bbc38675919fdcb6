{# From the last round back to the one that is asked for: a node takes the label of the root it was contracted into. Labels of a round hold every node that left in it or later. #}
{% macro unwind_labels(name, rounds, first=0) %}
    {% set nothing = "select cast(0 as bigint) as v, cast(0 as bigint) as p where 1 = 0" %}
    {% do replace_working_table(name ~ "__labels_" ~ rounds, nothing) %}
    {% for round in range(rounds - 1, first - 1, -1) %}
        {% do replace_working_table(name ~ "__labels_" ~ round, labels_of_round(name, round)) %}
        {% do drop_working_tables(
            [name ~ "__parents_" ~ round, name ~ "__labels_" ~ (round + 1)]
        ) %}
    {% endfor %}
{% endmacro %}

{% macro labels_of_round(name, round) %}
    {% set later = working_table(name ~ "__labels_" ~ (round + 1)) %}
    select x.v, coalesce(y.p, x.p) as p
    from {{ working_table(name ~ "__parents_" ~ round) }} as x
    left join {{ later }} as y on y.v = x.p
    union all
    select v, p
    from {{ later }}
{% endmacro %}

{% macro drop_rounds(name, rounds, besides=[]) %}
    {% set left = ["hooks", "tops", "roots", "inner_0", "inner_1", "left_over"] + besides %}
    {% set left = left + ["parents_0", "labels_0", "labels_1"] %}
    {% set names = [] %}
    {% for table in left %} {% do names.append(name ~ "__" ~ table) %} {% endfor %}
    {% for round in range(rounds + 1) %}
        {% do names.append(name ~ "__edges_" ~ round) %}
    {% endfor %}
    {% do drop_working_tables(names) %}
{% endmacro %}
