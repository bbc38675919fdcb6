{# Staging reads only loads it has not seen. A stream's _loaded_at grows strictly from load to load. #}
{% macro newly_loaded() -%}
    {%- if is_incremental() -%}
        _loaded_at
        > (select coalesce(max(loaded_at), timestamp '1970-01-01 00:00:00') from {{ this }})
    {%- else -%} true
    {%- endif -%}
{%- endmacro %}
