-- How often each stream showed two identifiers in one record, in the loads that this pass takes in.
{{ config(materialized="view") }}
{% set before = identity_before() %}
{% set facts = ["record_count", "first_seen_at", "last_seen_at", "loaded_at"] %}
with
    fresh as (
        select *
        from {{ ref("int_identifier_sets") }}
        where {{ is_new_to_identity("batch", before) }}
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
    min(loaded_at) as loaded_at
from pairs
group by left_key, right_key, source, left_type, right_type
