{# The distinct texts of a group in order, as one text; null where there are none. repeats: false where no text comes twice
   anyhow, for looking costs as much as listing. #}
{% macro joined_list(text, repeats=true) -%}
    {{ adapter.dispatch("joined_list", "downbeat")(text, repeats) }}
{%- endmacro %}

{% macro default__joined_list(text, repeats) -%}
    string_agg({{ "distinct " if repeats }}{{ text }}, ', ' order by {{ text }})
{%- endmacro %}

{% macro spark__joined_list(text, repeats) -%}
    nullif(array_join(array_sort(collect_set({{ text }})), ', '), '')
{%- endmacro %}
