-- Which links may join two identifiers, and why the others may not. What people decide by hand
-- comes first.
with
    overrides as (
        select
            {{ identifier_key("left_type", "left_identifier") }} as one_key,
            {{ identifier_key("right_type", "right_identifier") }} as other_key,
            action,
            reason
        from {{ ref("identity_overrides") }}
        where expires_at is null or expires_at > {{ as_of() }}
    ),
    by_hand as (
        select
            least(one_key, other_key) as low_key,
            greatest(one_key, other_key) as high_key,
            min(case when action = 'cut' then reason end) as cut_reason,
            min(case when action = 'join' then reason end) as join_reason
        from overrides
        group by least(one_key, other_key), greatest(one_key, other_key)
    ),
    links as (
        select
            coalesce(links.left_key, by_hand.low_key) as left_key,
            coalesce(links.right_key, by_hand.high_key) as right_key,
            coalesce(links.evidence_count, 0) as evidence_count,
            coalesce(links.sources, 'identity_overrides') as sources,
            links.first_seen_at,
            links.last_seen_at,
            by_hand.cut_reason,
            by_hand.join_reason
        from {{ ref("int_links_observed") }} as links
        full outer join
            by_hand
            on by_hand.low_key = least(links.left_key, links.right_key)
            and by_hand.high_key = greatest(links.left_key, links.right_key)
    )
select
    -- keys
    links.left_key,
    links.right_key,
    -- facts
    case
        when links.cut_reason is not null or links.join_reason is not null
        then 'by hand'
        else left_side.identifier_type || ' and ' || right_side.identifier_type || ' in one record'
    end as rule,
    case
        when links.cut_reason is not null
        then 'cut by hand: ' || links.cut_reason
        when links.join_reason is not null
        then null
        when left_side.refusal_reason is not null or right_side.refusal_reason is not null
        then coalesce(left_side.refusal_reason, right_side.refusal_reason)
        when
            {{ days_between("links.last_seen_at", as_of()) }}
            > least(left_kind.window_days, right_kind.window_days)
        then 'not seen together lately'
    end as refusal_reason,
    case
        when links.join_reason is null
        then least(left_side.gives_way_at, right_side.gives_way_at)
        else 99
    end as gives_way_at,
    links.evidence_count,
    links.sources,
    -- times
    links.first_seen_at,
    links.last_seen_at
from links
inner join
    {{ ref("int_identifiers_judged") }} as left_side on left_side.identifier_key = links.left_key
inner join
    {{ ref("int_identifiers_judged") }} as right_side on right_side.identifier_key = links.right_key
inner join
    {{ ref("identifier_types") }} as left_kind
    on left_kind.identifier_type = left_side.identifier_type
inner join
    {{ ref("identifier_types") }} as right_kind
    on right_kind.identifier_type = right_side.identifier_type
