{# From the last round back to the first: a node takes the label of the root it was contracted into. #}
{% macro unwind_labels(name, rounds) %}
    {% do replace_working_table(
        name ~ "__labels_" ~ rounds,
        "select cast(0 as bigint) as v, cast(0 as bigint) as p where 1 = 0",
    ) %}
    {% for step in range(rounds) %}
        {% set round = rounds - 1 - step %}
        {% set parents = working_table(name ~ "__parents_" ~ round) %}
        {% set labels = working_table(name ~ "__labels_" ~ (round + 1)) %}
        {% do replace_working_table(
            name ~ "__labels_" ~ round,
            "select x.v, coalesce(y.p, x.p) as p from "
            ~ parents
            ~ " as x left join "
            ~ labels
            ~ " as y on y.v = x.p",
        ) %}
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
