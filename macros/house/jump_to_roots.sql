{# Point every node at its parent's parent until no pointer moves; stopping earlier would break the unwinding. #}
{% macro jump_to_roots(name, round, most_jumps=64) %}
    {% set parents = name ~ "__parents_" ~ round %}
    {% set jumped = name ~ "__jumped" %}
    {% set jump = (
        "select x.v, y.p, x.p <> y.p as has_moved from "
        ~ working_table(parents)
        ~ " as x inner join "
        ~ working_table(parents)
        ~ " as y on y.v = x.p"
    ) %}
    {% set state = namespace(moving=true) %}
    {% for _ in range(most_jumps) %}
        {% if state.moving %}
            {% do replace_working_table(jumped, jump) %}
            {% set state.moving = has_rows(jumped, "has_moved") %}
            {% if state.moving %}
                {% do replace_working_table(parents, "select v, p from " ~ working_table(jumped)) %}
            {% endif %}
        {% endif %}
    {% endfor %}
    {% if state.moving %}
        {% do exceptions.raise_compiler_error(
            name
            ~ ": pointers still moved after "
            ~ most_jumps
            ~ " jumps; no partial result is kept"
        ) %}
    {% endif %}
{% endmacro %}
