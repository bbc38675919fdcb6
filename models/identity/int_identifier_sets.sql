-- Which identifiers were ever seen together, and how often: one row per stream and set of
-- identifiers.
select
    -- keys
    source,
    -- identifiers
    {{ identifier_columns() | join(", ") }},
    -- facts
    count(distinct record_id) as record_count,
    -- times
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at,
    min(loaded_at) as loaded_at
from {{ ref("int_identifier_sightings") }}
group by source, {{ identifier_columns() | join(", ") }}
