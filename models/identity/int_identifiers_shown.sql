-- Every identifier in the loads that this pass takes in, once, over all streams.
{{ config(materialized="view") }}
with
    by_source as (
        select
            *,
            row_number() over (
                partition by identifier_key order by last_seen_at desc, source
            ) as age_rank
        from {{ ref("int_identifier_evidence") }}
    )
select
    -- keys
    identifier_key,
    -- identifiers
    identifier_type,
    identifier,
    -- facts
    {{
        merged_lists(
            "max(case when age_rank = 1 then source end)",
            joined_list("source", "age_rank > 1", repeats=false),
        )
    }} as sources,
    max(case when age_rank = 1 then source end) as last_source,
    cast(sum(record_count) as bigint) as record_count,
    -- times
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at,
    min(loaded_at) as loaded_at
from by_source
group by identifier_key, identifier_type, identifier
