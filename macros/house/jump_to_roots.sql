{# Point every node at its parent's parent until no pointer moves; stopping earlier would break the unwinding. #}
{% macro jump_to_roots(name, round, most_jumps=64) %}
    {% set parents = name ~ "__parents_" ~ round %}
    {% set state = namespace(moving=true) %}
    {% for _ in range(most_jumps) %}
        {% if state.moving %}
            {% set state.moving = jump_once(name ~ "__jumped", parents) %}
        {% endif %}
    {% endfor %}
    {% if state.moving %}
        {% do exceptions.raise_compiler_error(
            name ~ ": still moving after " ~ most_jumps ~ " jumps"
        ) %}
    {% endif %}
{% endmacro %}

{# One jump; returns whether anything moved. #}
{% macro jump_once(jumped, parents) %}
    {% set jump %}
        select x.v, y.p, x.p <> y.p as has_moved
        from {{ working_table(parents) }} as x
        inner join {{ working_table(parents) }} as y on y.v = x.p
    {% endset %}
    {% do replace_working_table(jumped, jump) %}
    {% set has_moved = has_rows(jumped, "has_moved") %}
    {% if has_moved %}
        {% do replace_working_table(parents, "select v, p from " ~ working_table(jumped)) %}
    {% endif %}
    {{ return(has_moved) }}
{% endmacro %}
