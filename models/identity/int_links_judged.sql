-- Which links may join two identifiers, and why the others may not: people first.
{{ config(materialized="carried", unique_key=["left_key", "right_key"]) }}
{% set before = identity_before() %}
with
    links as (
        select
            coalesce(seen.left_key, by_hand.low_key) as left_key,
            coalesce(seen.right_key, by_hand.high_key) as right_key,
            coalesce(seen.evidence_count, 0) as evidence_count,
            coalesce(seen.sources, 'identity_overrides') as sources,
            seen.first_seen_at,
            seen.last_seen_at,
            {% if before %}
                {% for column in link_verdict() + ["ruled_batch"] %}
                    seen.held_{{ column }},
                {% endfor %}
            {% endif %}
            coalesce(seen.evidence_count, 0) > 0 as is_observed,
            by_hand.cut_reason,
            by_hand.join_reason
        from {{ links_to_judge(before) }} as seen
        full outer join
            {{ ref("int_links_by_hand") }} as by_hand
            on by_hand.low_key = least(seen.left_key, seen.right_key)
            and by_hand.high_key = greatest(seen.left_key, seen.right_key)
    ),
    ends as (
        select judged.*, kinds.window_days
        from {{ ref("int_identifiers_judged") }} as judged
        inner join
            {{ ref("identifier_types") }} as kinds on kinds.identifier_type = judged.identifier_type
        {% if before %}
            where
                identifier_key in (
                    select left_key
                    from links
                    union
                    select right_key
                    from links
                )
        {% endif %}
    ),
    judged as (
        select
            links.*,
            case
                when
                    links.cut_reason is not null
                    or links.join_reason is not null
                    or not links.is_observed
                then 'by hand'
                else
                    left_side.identifier_type
                    || ' and '
                    || right_side.identifier_type
                    || ' in one record'
            end as rule,
            case
                when links.cut_reason is not null
                then 'cut by hand: ' || links.cut_reason
                when links.join_reason is not null
                then null
                when not links.is_observed
                then 'no longer joined by hand'
                when left_side.refusal_reason is not null or right_side.refusal_reason is not null
                then coalesce(left_side.refusal_reason, right_side.refusal_reason)
                when
                    {{ days_between("links.last_seen_at", as_of()) }}
                    > least(left_side.window_days, right_side.window_days)
                then 'not seen together lately'
            end as refusal_reason,
            case
                when links.join_reason is null
                then least(left_side.gives_way_at, right_side.gives_way_at)
                else 99
            end as gives_way_at
        from links
        inner join ends as left_side on left_side.identifier_key = links.left_key
        inner join ends as right_side on right_side.identifier_key = links.right_key
    )
select
    -- keys
    judged.left_key,
    judged.right_key,
    -- facts
    judged.rule,
    judged.refusal_reason,
    judged.gives_way_at,
    judged.evidence_count,
    judged.sources,
    -- times
    judged.first_seen_at,
    judged.last_seen_at,
    {{ identity_batch(before) }} as batch,
    {{ ruled_in_batch(link_verdict(), "judged", before, "judged.held_") }} as ruled_batch
from judged
