{# One row per distinct word of a text: in a select list. Words are parted by single spaces. #}
{% macro each_word(text) -%} {{ adapter.dispatch("each_word", "downbeat")(text) }} {%- endmacro %}

{% macro default__each_word(text) -%}
    unnest(list_distinct(string_split({{ text }}, ' ')))
{%- endmacro %}

{% macro spark__each_word(text) -%} explode(array_distinct(split({{ text }}, ' '))) {%- endmacro %}
