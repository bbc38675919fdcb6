{# One field of a JSON text, as text; null where it is not there. #}
{% macro json_text(column, field) -%}
    {{ adapter.dispatch("json_text", "downbeat")(column, field) }}
{%- endmacro %}

{% macro default__json_text(column, field) -%}
    json_extract_string({{ column }}, '$.{{ field }}')
{%- endmacro %}

{% macro spark__json_text(column, field) -%}
    get_json_object({{ column }}, '$.{{ field }}')
{%- endmacro %}
