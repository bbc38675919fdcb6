-- Every identifier once: how often it was seen, and whether a rule or a person says it is no one's.
with
    kinds as (select identifier_type from {{ ref("identifier_types") }}),
    seen as (
        select
            kinds.identifier_type,
            {{ identifier_value("kinds.identifier_type", "sets") }} as identifier,
            sets.source,
            sets.record_count,
            sets.first_seen_at,
            sets.last_seen_at,
            sets.loaded_at
        from {{ ref("int_identifier_sets") }} as sets
        cross join kinds
    ),
    by_source as (
        select
            identifier_type,
            identifier,
            source,
            sum(record_count) as record_count,
            min(first_seen_at) as first_seen_at,
            max(last_seen_at) as last_seen_at,
            min(loaded_at) as loaded_at,
            row_number() over (
                partition by identifier_type, identifier order by max(last_seen_at) desc, source
            ) as age_rank
        from seen
        where identifier is not null
        group by identifier_type, identifier, source
    ),
    identifiers as (
        select
            identifier_type,
            identifier,
            count(*) as source_count,
            max(case when age_rank = 1 then source end) as last_source,
            sum(record_count) as record_count,
            min(first_seen_at) as first_seen_at,
            max(last_seen_at) as last_seen_at,
            min(loaded_at) as loaded_at
        from by_source
        group by identifier_type, identifier
    ),
    blocked as (
        select identifiers.identifier_type, identifiers.identifier, min(blocklist.reason) as reason
        from identifiers
        inner join
            {{ ref("identifier_blocklist") }} as blocklist
            on blocklist.identifier_type = identifiers.identifier_type
        where
            identifiers.identifier = blocklist.value
            or (blocklist.is_pattern and identifiers.identifier like blocklist.value)
        group by identifiers.identifier_type, identifiers.identifier
    )
select
    -- keys
    {{ identifier_key("identifiers.identifier_type", "identifiers.identifier") }} as identifier_key,
    -- identifiers
    identifiers.identifier_type,
    identifiers.identifier,
    -- facts
    cast(identifiers.source_count as bigint) as source_count,
    identifiers.last_source,
    cast(identifiers.record_count as bigint) as record_count,
    blocked.reason as blocked_reason,
    -- times
    identifiers.first_seen_at,
    identifiers.last_seen_at,
    identifiers.loaded_at
from identifiers
left join
    blocked
    on blocked.identifier_type = identifiers.identifier_type
    and blocked.identifier = identifiers.identifier
