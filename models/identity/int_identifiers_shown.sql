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
    ),
    -- most identifiers are shown by one stream alone: only what others say is added up
    others as (
        select
            identifier_key,
            sum(record_count) as record_count,
            {{ joined_list("source", repeats=false) }} as sources,
            min(first_seen_at) as first_seen_at,
            max(last_seen_at) as last_seen_at,
            min(loaded_at) as loaded_at
        from by_source
        where age_rank > 1
        group by identifier_key
    )
select
    -- keys
    one.identifier_key,
    -- identifiers
    one.identifier_type,
    one.identifier,
    -- facts
    {{ merged_lists("one.source", "others.sources") }} as sources,
    one.source as last_source,
    cast(one.record_count + coalesce(others.record_count, 0) as bigint) as record_count,
    -- times
    least(one.first_seen_at, others.first_seen_at) as first_seen_at,
    greatest(one.last_seen_at, others.last_seen_at) as last_seen_at,
    least(one.loaded_at, others.loaded_at) as loaded_at
from by_source as one
left join others on others.identifier_key = one.identifier_key
where one.age_rank = 1
