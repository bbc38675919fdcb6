{# The moment everything is computed for, UTC. The only clock a model may read. #}
{% macro as_of() -%}
    cast('{{ told("as_of", run_started_at.strftime("%Y-%m-%d %H:%M:%S")) }}' as timestamp)
{%- endmacro %}
