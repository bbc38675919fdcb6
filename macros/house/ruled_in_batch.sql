{# The batch in which one of these columns last changed: the held row's, unless it says something else now. Cheap news
   (a count, a date) is told apart from news that others must act on. #}
{% macro ruled_in_batch(columns, now, before, held="held.") -%}
    {%- if before -%}
        case
            when
                {% for column in columns -%}
                    {{ held }}{{ column }} is not distinct from {{ now }}.{{ column }} and
                {% endfor %} {{ held }}ruled_batch
                is not null
            then {{ held }}ruled_batch
            else {{ identity_batch(before) }}
        end
    {%- else -%} {{ identity_batch(before) }}
    {%- endif -%}
{%- endmacro %}
