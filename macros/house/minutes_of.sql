{# Minutes since midnight of a time of day written as 08:30. #}
{% macro minutes_of(time) -%}
    (cast(substr({{ time }}, 1, 2) as bigint) * 60 + cast(substr({{ time }}, 4, 2) as bigint))
{%- endmacro %}
