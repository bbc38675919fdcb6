-- Which identifiers were seen together in one load, and how often. A load is read once.
{{ config(materialized="carried") }}
{% set before = identity_before() %}
{% set news = earliest_news(before) %}
{% set shown_together = ["source"] + identifier_columns() + ["loaded_at"] %}
with
    taken as ({{ taken_in("loaded_at", before) }}),
    sightings as (
        select seen.*
        from {{ ref("int_identifier_sightings") }} as seen
        left join taken on taken.source = seen.source
        where
            {% if news %} seen.loaded_at > timestamp '{{ news }}' and {% endif %}
            (taken.taken_until is null or seen.loaded_at > taken.taken_until)
    ),
    -- a record counts once, however often a load holds it
    records as (
        select
            {{ shown_together | join(", ") }},
            record_id,
            min(first_seen_at) as first_seen_at,
            max(last_seen_at) as last_seen_at
        from sightings
        group by {{ shown_together | join(", ") }}, record_id
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
    count(record_id) as record_count,
    -- times
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at,
    loaded_at,
    {{ identity_batch(before) }} as batch
from records
group by {{ shown_together | join(", ") }}
