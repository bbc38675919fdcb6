{# The position of the lowest bit that is set: of 12 it is 2. Null of zero. #}
{% macro lowest_bit(mask) -%}
    cast(round(log2(cast(nullif({{ mask }} & -{{ mask }}, 0) as double))) as bigint)
{%- endmacro %}
