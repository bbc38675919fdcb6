{# From the last round back to the first: a node takes the label of the root it was contracted into. #}
{% macro unwind_labels(name, rounds) %}
    {% set nothing = "select cast(0 as bigint) as v, cast(0 as bigint) as p where 1 = 0" %}
    {% do replace_working_table(name ~ "__labels_" ~ rounds, nothing) %}
    {% for step in range(rounds) %}
        {% set round = rounds - 1 - step %}
        {% set labels %}
            select x.v, coalesce(y.p, x.p) as p
            from {{ working_table(name ~ "__parents_" ~ round) }} as x
            left join {{ working_table(name ~ "__labels_" ~ (round + 1)) }} as y on y.v = x.p
        {% endset %}
        {% do replace_working_table(name ~ "__labels_" ~ round, labels) %}
    {% endfor %}
{% endmacro %}

{% macro drop_working_tables(name, rounds) %}
    {% do drop_working_table(name ~ "__pairs") %}
    {% do drop_working_table(name ~ "__jumped") %}
    {% for round in range(rounds + 1) %}
        {% for kind in ("edges", "parents", "labels") %}
            {% do drop_working_table(name ~ "__" ~ kind ~ "_" ~ round) %}
        {% endfor %}
    {% endfor %}
{% endmacro %}
