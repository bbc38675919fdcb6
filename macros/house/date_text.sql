{# The date of a moment as text: 2026-11-21. #}
{% macro date_text(moment) -%} substr(cast({{ moment }} as string), 1, 10) {%- endmacro %}

{# A UTC moment as tools read it: 2026-11-21T06:00:00Z. #}
{% macro utc_text(moment) -%}
    (
        substr(cast({{ moment }} as string), 1, 10)
        || 'T'
        || substr(cast({{ moment }} as string), 12, 8)
        || 'Z'
    )
{%- endmacro %}
