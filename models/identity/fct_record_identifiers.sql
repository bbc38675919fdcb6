-- Every record of every channel and the identifiers it carried, one column per kind, as it arrived.
-- One that carried none, or whose all were erased, is not here.
select
    -- keys
    source,
    record_id,
    -- identifiers
    {{ identifier_columns() | join(", ") }},
    -- times
    first_seen_at,
    last_seen_at,
    loaded_at
from {{ ref("int_identifier_sightings") }}
where coalesce({{ identifier_columns() | join(", ") }}) is not null
