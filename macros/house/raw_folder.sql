{# Where a stream's committed loads lie: ingestion writes there, nobody else. #}
{% macro raw_folder(stream) -%}
    {{
        return(
            env_var("DOWNBEAT_HOME", ".downbeat")
            ~ "/raw/"
            ~ stream.source_name
            ~ "/"
            ~ stream.name
        )
    }}
{%- endmacro %}
