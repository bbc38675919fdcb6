{# A timestamp moved by a number of seconds (negative: earlier). #}
{% macro add_seconds(moment, seconds) -%}
    {{ adapter.dispatch("add_seconds", "downbeat")(moment, seconds) }}
{%- endmacro %}

{% macro default__add_seconds(moment, seconds) -%}
    ({{ moment }} + to_seconds(cast({{ seconds }} as bigint)))
{%- endmacro %}

{% macro spark__add_seconds(moment, seconds) -%}
    ({{ moment }} + make_dt_interval(0, 0, 0, cast({{ seconds }} as bigint)))
{%- endmacro %}
