{# Which run this is; the same for the same inputs. #}
{% macro run_id() -%}
    '{{ var("run_id", "") or "run-" ~ (var("as_of") or run_started_at.strftime("%Y-%m-%d %H:%M:%S")) }}'
{%- endmacro %}
