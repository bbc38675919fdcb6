{# Two texts of joined_list as one: the distinct texts of both in order. Either may be null. Mostly nothing is new, and
   seeing that costs less than taking lists apart. #}
{% macro merged_lists(one, other) -%}
    case
        when {{ one }} is null
        then {{ other }}
        when
            {{ other }} is null
            or position(', ' || {{ other }} || ',' in ', ' || {{ one }} || ',') > 0
        then {{ one }}
        else {{ adapter.dispatch("merged_lists", "downbeat")(one, other) }}
    end
{%- endmacro %}

{% macro default__merged_lists(one, other) -%}
    array_to_string(
        list_sort(
            list_distinct(
                list_concat(string_split({{ one }}, ', '), string_split({{ other }}, ', '))
            )
        ),
        ', '
    )
{%- endmacro %}

{% macro spark__merged_lists(one, other) -%}
    array_join(array_sort(array_union(split({{ one }}, ', '), split({{ other }}, ', '))), ', ')
{%- endmacro %}
