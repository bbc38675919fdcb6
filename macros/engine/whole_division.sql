{# Integer division that throws the remainder away. #}
{% macro whole_division(numerator, denominator) -%}
    {{ adapter.dispatch("whole_division", "downbeat")(numerator, denominator) }}
{%- endmacro %}

{# Spelt as a function: the formatter takes two slashes for the start of a comment. #}
{% macro default__whole_division(numerator, denominator) -%}
    divide({{ numerator }}, {{ denominator }})
{%- endmacro %}

{% macro spark__whole_division(numerator, denominator) -%}
    (({{ numerator }}) div({{ denominator }}))
{%- endmacro %}
