{# Whole seconds from one timestamp to a later one. #}
{% macro seconds_between(earlier, later) -%}
    {{ adapter.dispatch("seconds_between", "downbeat")(earlier, later) }}
{%- endmacro %}

{% macro default__seconds_between(earlier, later) -%}
    (cast(epoch({{ later }}) as bigint) - cast(epoch({{ earlier }}) as bigint))
{%- endmacro %}

{% macro spark__seconds_between(earlier, later) -%}
    (
        unix_seconds(cast({{ later }} as timestamp_ltz))
        - unix_seconds(cast({{ earlier }} as timestamp_ltz))
    )
{%- endmacro %}
