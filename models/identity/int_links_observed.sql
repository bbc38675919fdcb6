-- Pairs of identifiers seen in one record, and how often. Forced joins are pairs too.
with
    kinds as (
        select stronger.identifier_type as left_type, weaker.identifier_type as right_type
        from {{ ref("identifier_types") }} as stronger
        inner join {{ ref("identifier_types") }} as weaker on weaker.tier > stronger.tier
        where stronger.may_join and weaker.may_join
    ),
    keyed as (
        select
            {% for column in identifier_columns() %}
                {{ identifier_key("'" ~ column ~ "'", column) }} as {{ column }}_key,
            {% endfor %}
            source,
            record_count,
            first_seen_at,
            last_seen_at,
            loaded_at
        from {{ ref("int_identifier_sets") }}
    ),
    pairs as (
        select
            kinds.left_type,
            {{ identifier_value("kinds.left_type", "keyed", "_key") }} as left_key,
            kinds.right_type,
            {{ identifier_value("kinds.right_type", "keyed", "_key") }} as right_key,
            keyed.source,
            keyed.record_count,
            keyed.first_seen_at,
            keyed.last_seen_at,
            keyed.loaded_at
        from keyed
        cross join kinds
    )
select
    -- keys
    left_key,
    right_key,
    -- identifiers
    left_type,
    right_type,
    -- facts
    cast(sum(record_count) as bigint) as evidence_count,
    {{ joined_list("source") }} as sources,
    -- times
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at,
    min(loaded_at) as loaded_at
from pairs
where left_key is not null and right_key is not null
group by left_key, right_key, left_type, right_type
