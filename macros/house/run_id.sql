{# Which run this is; the same for the same inputs. #}
{% macro run_id() -%}
    '{{ told("run_id", "run-" ~ told("as_of", run_started_at.strftime("%Y-%m-%d %H:%M:%S"))) }}'
{%- endmacro %}
