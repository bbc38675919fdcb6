{# In `select`: one row for every move along an array of whole numbers, as from_step and to_step: from -1, the start, to the
   first of them, and from the last to where it ends. #}
{% macro each_move(path, end) -%}
    {{ adapter.dispatch("each_move", "downbeat")(path, end) }}
{%- endmacro %}

{% macro default__each_move(path, end) -%}
    unnest([cast(-1 as bigint)] || {{ path }}) as from_step,
    unnest({{ path }} || [cast({{ end }} as bigint)]) as to_step
{%- endmacro %}

{% macro spark__each_move(path, end) -%}
    inline(
        arrays_zip(
            concat(array(cast(-1 as bigint)), {{ path }}),
            concat({{ path }}, array(cast({{ end }} as bigint)))
        )
    ) as (from_step, to_step)
{%- endmacro %}
