-- Every identifier in the loads that this pass takes in, once, over all streams.
{{ config(materialized="view") }}
{% set identifier = ["identifier_key", "identifier_type", "identifier"] %}
with
    {{ flagged_evidence(ref("int_identifier_evidence"), ["identifier_key"]) }},
    ranked as (
        select
            *,
            row_number() over (
                partition by identifier_key order by last_seen_at desc, source
            ) as age_rank
        from flagged
        where is_told_by_several
    )
select
    -- keys and identifiers
    {{ identifier | join(", ") }},
    -- facts
    {{ joined_list("source", repeats=false) }} as sources,
    min(case when age_rank = 1 then source end) as last_source,
    cast(sum(record_count) as bigint) as record_count,
    -- times
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at,
    min(loaded_at) as loaded_at
from ranked
-- the key is made of both: a word in a group can leave memory, the smallest of words cannot
group by {{ identifier | join(", ") }}
union all
select
    {{ identifier | join(", ") }},
    source as sources,
    source as last_source,
    record_count,
    first_seen_at,
    last_seen_at,
    loaded_at
from flagged
where not is_told_by_several
