-- How often each stream showed an identifier, in the loads that this pass takes in.
{{ config(materialized="view") }}
{% set before = identity_before() %}
with
    fresh as (
        select *
        from {{ ref("int_identifier_sets") }}
        where {{ is_new_to_identity("batch", before) }}
    ),
    shown as (
        {% for column in identifier_columns() %}
            select
                {{ column }}_key as identifier_key,
                source,
                '{{ column }}' as identifier_type,
                {{ column }} as identifier,
                record_count,
                first_seen_at,
                last_seen_at,
                loaded_at
            from fresh
            where {{ column }}_key is not null {{ "union all" if not loop.last }}
        {% endfor %}
    )
select
    -- keys
    identifier_key,
    source,
    -- identifiers
    identifier_type,
    identifier,
    -- facts
    cast(sum(record_count) as bigint) as record_count,
    -- times
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at,
    min(loaded_at) as loaded_at
-- the key is made of both: a word in a group can leave memory, the smallest of words cannot
from shown
group by identifier_key, source, identifier_type, identifier
