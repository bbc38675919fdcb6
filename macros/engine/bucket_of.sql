{# Portable assignment: md5(salt|key), first 8 hex digits, modulo n. The same in DuckDB, Spark and Python. #}
{% macro bucket_of(salt, key, buckets) -%}
    (
        {{
            adapter.dispatch("hex_number", "downbeat")(
                "substr(md5(" ~ salt ~ " || '|' || " ~ key ~ "), 1, 8)"
            )
        }} % {{ buckets }}
    )
{%- endmacro %}
