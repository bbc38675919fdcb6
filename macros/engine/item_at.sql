{# One item of an array, counted from 1. #}
{% macro item_at(items, place) -%}
    {{ adapter.dispatch("item_at", "downbeat")(items, place) }}
{%- endmacro %}

{% macro default__item_at(items, place) -%} {{ items }} [{{ place }}] {%- endmacro %}

{% macro spark__item_at(items, place) -%}
    element_at({{ items }}, cast({{ place }} as int))
{%- endmacro %}
