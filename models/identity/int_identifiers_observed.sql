-- Every identifier once: how often it was seen, and whether the blocklist says it is no one's.
{{ config(materialized="carried", unique_key=["identifier_key"]) }}
{% set before = identity_before() %}
{% set is_list_new = before and before["blocklist_version"] != told("blocklist_version") %}
with
    shown as (
        select distinct identifier_key
        from {{ ref("int_identifier_evidence") }}
        where {{ is_new_to_identity("batch", before) }}
    ),
    by_source as (
        select
            evidence.*,
            row_number() over (
                partition by evidence.identifier_key
                order by evidence.last_seen_at desc, evidence.source
            ) as age_rank
        from {{ ref("int_identifier_evidence") }} as evidence
        {% if before and not is_list_new %}
            inner join shown on shown.identifier_key = evidence.identifier_key
        {% endif %}
    ),
    identifiers as (
        select
            identifier_key,
            min(identifier_type) as identifier_type,
            min(identifier) as identifier,
            count(*) as source_count,
            max(case when age_rank = 1 then source end) as last_source,
            sum(record_count) as record_count,
            min(first_seen_at) as first_seen_at,
            max(last_seen_at) as last_seen_at,
            min(loaded_at) as loaded_at
        from by_source
        group by identifier_key
    ),
    blocked as (
        select identifiers.identifier_key, min(blocklist.reason) as reason
        from identifiers
        inner join
            {{ ref("identifier_blocklist") }} as blocklist
            on blocklist.identifier_type = identifiers.identifier_type
        where
            identifiers.identifier = blocklist.value
            or (blocklist.is_pattern and identifiers.identifier like blocklist.value)
        group by identifiers.identifier_key
    ),
    ruled as (
        select identifiers.*, blocked.reason as blocked_reason
        from identifiers
        left join blocked on blocked.identifier_key = identifiers.identifier_key
    )
select
    -- keys
    ruled.identifier_key,
    -- identifiers
    ruled.identifier_type,
    ruled.identifier,
    -- facts
    cast(ruled.source_count as bigint) as source_count,
    ruled.last_source,
    cast(ruled.record_count as bigint) as record_count,
    ruled.blocked_reason,
    -- times
    ruled.first_seen_at,
    ruled.last_seen_at,
    ruled.loaded_at,
    {{ identity_batch(before) }} as batch,
    {{ ruled_in_batch(["blocked_reason", "loaded_at"], "ruled", before) }} as ruled_batch
from ruled
{% if before %}
    left join shown on shown.identifier_key = ruled.identifier_key
    left join {{ this }} as held on held.identifier_key = ruled.identifier_key
    where
        shown.identifier_key is not null
        or held.blocked_reason is distinct from ruled.blocked_reason
{% endif %}
