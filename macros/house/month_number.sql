{# Months since the year 0, so that the difference of two is the months between them. #}
{% macro month_number(moment) -%}
    cast(12 * year({{ moment }}) + month({{ moment }}) as bigint)
{%- endmacro %}
