{# A date some days later. #}
{% macro date_plus_days(day, days) -%}
    {{ adapter.dispatch("date_plus_days", "downbeat")(day, days) }}
{%- endmacro %}

{% macro default__date_plus_days(day, days) -%}
    cast(cast({{ day }} as date) + cast({{ days }} as integer) as date)
{%- endmacro %}

{% macro spark__date_plus_days(day, days) -%}
    date_add(cast({{ day }} as date), cast({{ days }} as int))
{%- endmacro %}
