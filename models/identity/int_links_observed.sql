-- Pairs of identifiers seen in one record, and how often, over all streams. What this pass takes in
-- is added to what stood there before it.
{{ config(materialized="carried", unique_key=["left_key", "right_key"]) }}
{% set before = identity_before() %}
with
    {{ flagged_evidence(ref("int_link_evidence"), ["left_key", "right_key"]) }},
    shown as (
        select
            left_key,
            right_key,
            left_type,
            right_type,
            cast(sum(record_count) as bigint) as evidence_count,
            {{ joined_list("source", repeats=false) }} as sources,
            min(first_seen_at) as first_seen_at,
            max(last_seen_at) as last_seen_at,
            min(loaded_at) as loaded_at
        from flagged
        where is_told_by_several
        group by left_key, right_key, left_type, right_type
        union all
        select
            left_key,
            right_key,
            left_type,
            right_type,
            record_count as evidence_count,
            source as sources,
            first_seen_at,
            last_seen_at,
            loaded_at
        from flagged
        where not is_told_by_several
    )
    {% if before %}
        ,
        held as (
            select
                left_key,
                right_key,
                {{ count_before_pass("evidence_count", before) }} as counted_before,
                sources,
                first_seen_at,
                last_seen_at,
                loaded_at
            from {{ links_among(this, "shown", before) }} as links
        )
    {% endif %}
select
    -- keys
    shown.left_key,
    shown.right_key,
    -- identifiers
    shown.left_type,
    shown.right_type,
    {% if before %}
        -- facts
        shown.evidence_count + coalesce(held.counted_before, 0) as evidence_count,
        coalesce(held.counted_before, 0) as counted_before,
        {{ merged_lists("held.sources", "shown.sources") }} as sources,
        -- times
        least(held.first_seen_at, shown.first_seen_at) as first_seen_at,
        greatest(held.last_seen_at, shown.last_seen_at) as last_seen_at,
        least(held.loaded_at, shown.loaded_at) as loaded_at,
    {% else %}
        -- facts
        shown.evidence_count,
        cast(0 as bigint) as counted_before,
        shown.sources,
        -- times
        shown.first_seen_at,
        shown.last_seen_at,
        shown.loaded_at,
    {% endif %}
    {{ identity_batch(before) }} as batch
from shown
{% if before %}
    left join held on held.left_key = shown.left_key and held.right_key = shown.right_key
{% endif %}
