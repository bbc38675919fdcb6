-- How often each stream showed an identifier, added up load by load.
{{ config(materialized="carried", unique_key=["identifier_key", "source"]) }}
{% set before = identity_before() %}
with
    taken as ({{ taken_in("last_loaded_at", before, of_this_pass=true) }}),
    fresh as (
        select sets.*
        from {{ ref("int_identifier_sets") }} as sets
        left join taken on taken.source = sets.source
        where
            {{ is_new_to_identity("sets.batch", before) }}
            and (taken.taken_until is null or sets.loaded_at > taken.taken_until)
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
                loaded_at,
                loaded_at as last_loaded_at
            from fresh
            where {{ column }}_key is not null {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    {% if before %}
        known as (
            select
                held.identifier_key,
                held.source,
                held.identifier_type,
                held.identifier,
                held.record_count,
                held.first_seen_at,
                held.last_seen_at,
                held.loaded_at,
                held.last_loaded_at
            from {{ this }} as held
            inner join
                (select distinct identifier_key, source from shown) as seen
                on seen.identifier_key = held.identifier_key
                and seen.source = held.source
            -- by the one key first: history is then looked through by two columns, not by all
            where held.identifier_key in (select identifier_key from shown)
        ),
    {% endif %}
    together as (
        select *
        from shown
        {% if before %}
            union all
            select *
            from known
        {% endif %}
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
    min(loaded_at) as loaded_at,
    max(last_loaded_at) as last_loaded_at,
    {{ identity_batch(before) }} as batch
-- the key is made of both: a word in a group can leave memory, the smallest of words cannot
from together
group by identifier_key, source, identifier_type, identifier
