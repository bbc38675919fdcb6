{# Whether an item stands in a list written as a|b|c; * lists everything, an empty list nothing. #}
{% macro is_listed(item, list) -%}
    (
        coalesce({{ list }}, '') = '*'
        or instr('|' || coalesce({{ list }}, '') || '|', '|' || {{ item }} || '|') > 0
    )
{%- endmacro %}
