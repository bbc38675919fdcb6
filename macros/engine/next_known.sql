{# The first value that is not null from this row on, in the order of a window. #}
{% macro next_known(value, partition, order) -%}
    {{ adapter.dispatch("next_known", "downbeat")(value) }} over (
        partition by {{ partition }}
        order by {{ order }}
        rows between current row and unbounded following
    )
{%- endmacro %}

{% macro default__next_known(value) -%} first_value({{ value }} ignore nulls) {%- endmacro %}

{% macro spark__next_known(value) -%} first_value({{ value }}, true) {%- endmacro %}
