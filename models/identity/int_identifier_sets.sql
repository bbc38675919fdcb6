-- Which identifiers were seen together in one load, and how often. A load is read once.
{{ config(materialized="carried") }}
{% set before = identity_before() %}
{% set news = earliest_news(before) %}
with
    taken as ({{ taken_in("loaded_at", before) }}),
    sightings as (
        select seen.*
        from {{ ref("int_identifier_sightings") }} as seen
        left join taken on taken.source = seen.source
        where
            {% if news %} seen.loaded_at > timestamp '{{ news }}' and {% endif %}
            (taken.taken_until is null or seen.loaded_at > taken.taken_until)
    )
select
    -- keys
    source,
    {% for column in identifier_columns() %}
        {{ identifier_key("'" ~ column ~ "'", column) }} as {{ column }}_key,
    {% endfor %}
    -- identifiers
    {{ identifier_columns() | join(", ") }},
    -- facts
    count(distinct record_id) as record_count,
    -- times
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at,
    loaded_at,
    {{ identity_batch(before) }} as batch
from sightings
group by source, {{ identifier_columns() | join(", ") }}, loaded_at
