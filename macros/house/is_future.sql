{# Dated more than a day after it came in. Compared with the load, not with today, so that it never changes. #}
{% macro is_future(happened_at) -%}
    coalesce({{ happened_at }} > {{ add_seconds("_loaded_at", 86400) }}, false)
{%- endmacro %}
