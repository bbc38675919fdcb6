{# Every pair of kinds of identifier a record may show together, each once. #}
{% macro identifier_pairs() %}
    {% set pairs = [] %}
    {% set columns = identifier_columns() %}
    {% for one in columns %}
        {% for other in columns[loop.index :] %} {% do pairs.append((one, other)) %} {% endfor %}
    {% endfor %}
    {{ return(pairs) }}
{% endmacro %}

{# What a table has taken in already, per stream; _loaded_at grows strictly within a stream. Of this pass: what it was given
   before it was killed, for whom no older news is shown. #}
{% macro taken_in(column, before, of_this_pass=false) -%}
    {%- if before -%}
        select source, max({{ column }}) as taken_until
        from {{ this }}
        {% if of_this_pass %} where {{ is_new_to_identity("batch", before) }} {% endif %}
        group by source
    {%- else -%} select cast(null as string) as source, cast(null as timestamp) as taken_until
    {%- endif -%}
{%- endmacro %}
