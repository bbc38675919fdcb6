{# Every pair of kinds of identifier a record may show together, each once. #}
{% macro identifier_pairs() %}
    {% set pairs = [] %}
    {% set columns = identifier_columns() %}
    {% for one in columns %}
        {% for other in columns[loop.index :] %} {% do pairs.append((one, other)) %} {% endfor %}
    {% endfor %}
    {{ return(pairs) }}
{% endmacro %}

{# What a table has taken in already, per stream; _loaded_at grows strictly within a stream. #}
{% macro taken_in(column, before) -%}
    {%- if before -%}
        select source, max({{ column }}) as taken_until from {{ this }} group by source
    {%- else -%} select cast(null as string) as source, cast(null as timestamp) as taken_until
    {%- endif -%}
{%- endmacro %}
