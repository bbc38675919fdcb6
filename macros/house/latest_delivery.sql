{# Among deliveries of the same record the latest load wins; inside a load the last line. #}
{% macro latest_delivery(key) -%}
    row_number() over (partition by {{ key }} order by _loaded_at desc, _file desc, _line desc)
{%- endmacro %}
