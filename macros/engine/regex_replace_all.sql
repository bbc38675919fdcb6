{# Replace every match of a pattern; backslashes doubled where the engine unescapes text literals. #}
{% macro regex_replace_all(text, pattern, replacement) -%}
    {{ adapter.dispatch("regex_replace_all", "downbeat")(text, pattern, replacement) }}
{%- endmacro %}

{% macro default__regex_replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__regex_replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern | replace("\\", "\\\\") }}', '{{ replacement }}')
{%- endmacro %}
