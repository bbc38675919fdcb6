-- Pairs of identifiers seen in one record, and how often, over all streams.
{{ config(materialized="carried", unique_key=["left_key", "right_key"]) }}
{% set before = identity_before() %}
with
    shown as (
        select distinct left_key, right_key
        from {{ ref("int_link_evidence") }}
        where {{ is_new_to_identity("batch", before) }}
    )
select
    -- keys
    evidence.left_key,
    evidence.right_key,
    -- identifiers
    min(evidence.left_type) as left_type,
    min(evidence.right_type) as right_type,
    -- facts
    cast(sum(evidence.record_count) as bigint) as evidence_count,
    {{ joined_list("evidence.source") }} as sources,
    -- times
    min(evidence.first_seen_at) as first_seen_at,
    max(evidence.last_seen_at) as last_seen_at,
    min(evidence.loaded_at) as loaded_at,
    {{ identity_batch(before) }} as batch
from {{ links_among(ref("int_link_evidence"), "shown", before) }} as evidence
group by evidence.left_key, evidence.right_key
