{# The value of a kind of identifier, out of a row that has one column per kind. #}
{% macro identifier_value(type, row, suffix="") -%}
    case
        {{ type }}
        {%- for column in identifier_columns() %}
            when '{{ column }}' then {{ row }}.{{ column }}{{ suffix }}
        {% endfor %}
    end
{%- endmacro %}
