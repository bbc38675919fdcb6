{# One relation per declared stream over its committed loads, with the declared types; empty where nothing came yet. #}
{% macro declare_raw_streams() %}
    {% if execute and flags.WHICH in ("run", "build", "test", "seed", "show") %}
        {% for stream in graph.sources.values() %}
            {{ adapter.dispatch("declare_raw_stream", "downbeat")(stream) }}
        {% endfor %}
    {% endif %}
{% endmacro %}

{% macro raw_stream_columns(stream) %}
    {% for column in stream.columns.values() %}
        cast({{ column.name }} as {{ column.data_type }}) as {{ column.name }},
    {% endfor %}
    cast(_extra as string) as _extra,
    cast(_load_id as string) as _load_id,
    cast(_loaded_at as timestamp) as _loaded_at,
    cast(_file as string) as _file,
    cast(_line as bigint) as _line
{% endmacro %}

{% macro no_raw_rows(stream) %}
    (
        select
            {% for column in stream.columns.values() %} null as {{ column.name }}, {% endfor %}
            null as _extra,
            null as _load_id,
            null as _loaded_at,
            null as _file,
            null as _line
    ) as nothing
    where false
{% endmacro %}
