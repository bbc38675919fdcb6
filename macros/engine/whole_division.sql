{# Integer division that throws the remainder away. #}
{% macro whole_division(numerator, denominator) -%}
    {{ adapter.dispatch("whole_division", "downbeat")(numerator, denominator) }}
{%- endmacro %}

{% macro default__whole_division(numerator, denominator) -%}
    (
        ({{ numerator }})  -- ({{ denominator }})) {%- endmacro %}

        {% macro spark__whole_division(numerator, denominator) -%}
            (({{ numerator }}) div({{ denominator }}))
        {%- endmacro %}
