-- Every source record and every identifier it ever carried.
{{ config(materialized="view") }}
with
    seen as (
        select
            sightings.source,
            sightings.record_id,
            kinds.identifier_type,
            {{ identifier_value("kinds.identifier_type", "sightings") }} as identifier,
            kinds.is_trusted,
            sightings.first_seen_at,
            sightings.loaded_at
        from {{ ref("int_identifier_sightings") }} as sightings
        cross join {{ ref("identifier_types") }} as kinds
    )
select
    -- keys
    {{ identifier_key("identifier_type", "identifier") }} as observation_key,
    source,
    record_id,
    -- identifiers
    identifier_type,
    identifier,
    -- facts
    is_trusted,
    -- times
    min(first_seen_at) as observed_at,
    min(loaded_at) as loaded_at
from seen
where identifier is not null
group by source, record_id, identifier_type, identifier, is_trusted
