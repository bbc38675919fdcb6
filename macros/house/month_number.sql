{# Months since the year 0, so that the difference of two is the months between them. #}
{% macro month_number(moment) -%}
    cast(
        12 * cast(substr(cast({{ moment }} as string), 1, 4) as bigint)
        + cast(substr(cast({{ moment }} as string), 6, 2) as bigint) as bigint
    )
{%- endmacro %}
