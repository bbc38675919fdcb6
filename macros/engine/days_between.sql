{# Whole local dates from one moment to a later one: the later date minus the earlier date. #}
{% macro days_between(earlier, later) -%}
    {{ adapter.dispatch("days_between", "downbeat")(earlier, later) }}
{%- endmacro %}

{% macro default__days_between(earlier, later) -%}
    date_diff('day', cast({{ earlier }} as date), cast({{ later }} as date))
{%- endmacro %}

{% macro spark__days_between(earlier, later) -%}
    cast(datediff(cast({{ later }} as date), cast({{ earlier }} as date)) as bigint)
{%- endmacro %}
