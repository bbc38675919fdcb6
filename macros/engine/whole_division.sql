{# Integer division that throws the remainder away. DuckDB's operator for it looks like a comment to formatters. #}
{% macro whole_division(numerator, denominator) -%}
    {{ adapter.dispatch("whole_division", "downbeat")(numerator, denominator) }}
{%- endmacro %}

{% macro default__whole_division(numerator, denominator) -%}
    divide({{ numerator }}, {{ denominator }})
{%- endmacro %}

{% macro spark__whole_division(numerator, denominator) -%}
    (({{ numerator }}) div({{ denominator }}))
{%- endmacro %}
