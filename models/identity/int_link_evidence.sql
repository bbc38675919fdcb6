-- How often each stream showed two identifiers in one record, added up load by load.
{{ config(materialized="carried", unique_key=["left_key", "right_key", "source"]) }}
{% set before = identity_before() %}
{% set facts = ["record_count", "first_seen_at", "last_seen_at", "loaded_at", "last_loaded_at"] %}
with
    taken as ({{ taken_in("last_loaded_at", before, of_this_pass=true) }}),
    fresh as (
        select sets.*, sets.loaded_at as last_loaded_at
        from {{ ref("int_identifier_sets") }} as sets
        left join taken on taken.source = sets.source
        where
            {{ is_new_to_identity("sets.batch", before) }}
            and (taken.taken_until is null or sets.loaded_at > taken.taken_until)
    ),
    shown as (
        {% for one, other in identifier_pairs() %}
            select
                '{{ one }}' as one_type,
                '{{ other }}' as other_type,
                {{ one }}_key as one_key,
                {{ other }}_key as other_key,
                source,
                {{ facts | join(", ") }}
            from fresh
            where
                {{ one }}_key is not null
                and {{ other }}_key is not null {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    pairs as (
        select
            case when one.tier < other.tier then one_key else other_key end as left_key,
            case when one.tier < other.tier then other_key else one_key end as right_key,
            shown.source,
            case when one.tier < other.tier then one_type else other_type end as left_type,
            case when one.tier < other.tier then other_type else one_type end as right_type,
            {% for fact in facts %} shown.{{ fact }} {{ "," if not loop.last }} {% endfor %}
        from shown
        inner join {{ ref("identifier_types") }} as one on one.identifier_type = shown.one_type
        inner join
            {{ ref("identifier_types") }} as other on other.identifier_type = shown.other_type
        where one.may_join and other.may_join and one.tier <> other.tier
    ),
    together as (
        select *
        from pairs
        {% if before %}
            union all
            select
                held.left_key,
                held.right_key,
                held.source,
                held.left_type,
                held.right_type,
                {% for fact in facts %} held.{{ fact }} {{ "," if not loop.last }} {% endfor %}
            from {{ links_among(this, "pairs", before) }} as held
        {% endif %}
    )
select
    -- keys
    left_key,
    right_key,
    source,
    -- identifiers
    left_type,
    right_type,
    -- facts
    cast(sum(record_count) as bigint) as record_count,
    -- times
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at,
    min(loaded_at) as loaded_at,
    max(last_loaded_at) as last_loaded_at,
    {{ identity_batch(before) }} as batch
from together
group by left_key, right_key, source, left_type, right_type
