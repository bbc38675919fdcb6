{# The distinct texts of a group in order, as one text; null where there are none. Of rows that do not meet the condition
   nothing is listed: an ordered list is dear, and mostly there is one text. repeats: false where no text comes twice anyhow,
   for looking costs as much as listing. #}
{% macro joined_list(text, condition="true", repeats=true) -%}
    {{ adapter.dispatch("joined_list", "downbeat")(text, condition, repeats) }}
{%- endmacro %}

{% macro default__joined_list(text, condition, repeats) -%}
    string_agg({{ "distinct " if repeats }}{{ text }}, ', ' order by {{ text }}) filter (
        where {{ condition }}
    )
{%- endmacro %}

{% macro spark__joined_list(text, condition, repeats) -%}
    nullif(array_join(array_sort(collect_set({{ text }}) filter (where {{ condition }})), ', '), '')
{%- endmacro %}
