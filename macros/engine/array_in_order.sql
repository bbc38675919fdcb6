{# The values of a group as an array, in the order of a whole number that no two of them share; those of rows that do not
   meet the condition stay out, and an array may be empty. #}
{% macro array_in_order(value, place, condition="true") -%}
    {{ adapter.dispatch("array_in_order", "downbeat")(value, place, condition) }}
{%- endmacro %}

{% macro default__array_in_order(value, place, condition) -%}
    coalesce(list({{ value }} order by {{ place }}) filter (where {{ condition }}), [])
{%- endmacro %}

{% macro spark__array_in_order(value, place, condition) -%}
    transform(
        array_sort(
            collect_list(named_struct('place', {{ place }}, 'value', {{ value }})) filter (
                where {{ condition }}
            )
        ),
        item -> item.value
    )
{%- endmacro %}
