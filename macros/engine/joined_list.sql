{# The distinct texts of a group in order, as one text; null where there are none. Of rows that do not meet the condition
   nothing is listed: an ordered list is dear, and mostly there is one text. #}
{% macro joined_list(text, condition="true") -%}
    {{ adapter.dispatch("joined_list", "downbeat")(text, condition) }}
{%- endmacro %}

{% macro default__joined_list(text, condition) -%}
    string_agg(distinct {{ text }}, ', ' order by {{ text }}) filter (where {{ condition }})
{%- endmacro %}

{% macro spark__joined_list(text, condition) -%}
    nullif(array_join(array_sort(collect_set({{ text }}) filter (where {{ condition }})), ', '), '')
{%- endmacro %}
