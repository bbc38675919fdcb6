{# A whole number of the smallest units as an exact decimal: of millionths with 6 places. #}
{% macro in_full(units, places) -%}
    cast({{ units }} as decimal(20, 0))
    * cast('0.{{ "0" * (places - 1) }}1' as decimal({{ places }}, {{ places }}))
{%- endmacro %}
