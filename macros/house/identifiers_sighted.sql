{# What `sightings` saw, once per record, set of identifiers and load. Kinds that the stream cannot carry are null. #}
{% macro identifiers_sighted(stream, kinds) %}
    select
        -- keys
        '{{ stream }}' as source,
        record_id,
        -- identifiers
        {% for kind in identifier_columns() %}
            {{ kind if kind in kinds else "cast(null as string) as " ~ kind }},
        {% endfor %}
        -- times
        min(observed_at) as first_seen_at,
        max(observed_at) as last_seen_at,
        loaded_at
    from sightings
    group by record_id, {{ kinds | join(", ") }}, loaded_at
{% endmacro %}
