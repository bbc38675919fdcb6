{# What a run is told: a var on the command line, or the environment. Looked up when the model runs, not when the project
   is parsed, so that a new moment does not make dbt read every file anew. #}
{% macro told(name, otherwise="") -%}
    {{
        return(
            var(name, "")
            or (env_var("DOWNBEAT_" ~ name | upper, "") if execute else "")
            or otherwise
        )
    }}
{%- endmacro %}
