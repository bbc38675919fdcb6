-- Where each contact point was last seen, and in how many streams.
with
    seen as (
        select
            kinds.identifier_type,
            {{ identifier_value("kinds.identifier_type", "sets") }} as identifier,
            sets.source,
            sets.last_seen_at
        from {{ ref("int_identifier_sets") }} as sets
        cross join {{ ref("identifier_types") }} as kinds
        where kinds.is_contact_point
    ),
    by_source as (
        select identifier_type, identifier, source, max(last_seen_at) as last_seen_at
        from seen
        where identifier is not null
        group by identifier_type, identifier, source
    ),
    ranked as (
        select
            identifier_type,
            identifier,
            source,
            last_seen_at,
            count(*) over (partition by identifier_type, identifier) as source_count,
            row_number() over (
                partition by identifier_type, identifier order by last_seen_at desc, source
            ) as age_rank
        from by_source
    )
select
    identifier_type, identifier, source, cast(source_count as bigint) as source_count, last_seen_at
from ranked
where age_rank = 1
