{# The distinct texts of a group in order, as one text; null where there are none. #}
{% macro joined_list(text) -%}
    {{ adapter.dispatch("joined_list", "downbeat")(text) }}
{%- endmacro %}

{% macro default__joined_list(text) -%}
    string_agg(distinct {{ text }}, ', ' order by {{ text }})
{%- endmacro %}

{% macro spark__joined_list(text) -%}
    nullif(array_join(array_sort(collect_set({{ text }})), ', '), '')
{%- endmacro %}
