-- Links this pass has to judge: newly shown, beside an identifier with a new verdict, decided by
-- hand, or outside their window since the last pass (or inside again). None when everything is new,
-- for then it is all of them.
{% set before = identity_before() %}
{% set then = "timestamp '" ~ before["as_of"] ~ "'" if before %}
select left_key, right_key
from {{ ref("int_links_observed") }}
where {{ is_new_to_identity("batch", before) if before else "1 = 0" }}
{% if before %}
    {% for side in ["left_key", "right_key"] %}
        union
        select links.left_key, links.right_key
        from {{ links_beside(before) }} as links
        inner join
            {{ ref("int_identifiers_judged") }} as judged
            on judged.identifier_key = links.{{ side }}
        where {{ is_new_to_identity("judged.ruled_batch", before) }}
    {% endfor %}
    union
    select links.left_key, links.right_key
    from {{ ref("int_links_observed") }} as links
    inner join
        {{ ref("int_links_by_hand") }} as by_hand
        on by_hand.low_key = least(links.left_key, links.right_key)
        and by_hand.high_key = greatest(links.left_key, links.right_key)
    union
    select links.left_key, links.right_key
    from {{ ref("int_links_observed") }} as links
    inner join
        {{ ref("identifier_types") }} as left_kind on left_kind.identifier_type = links.left_type
    inner join
        {{ ref("identifier_types") }} as right_kind on right_kind.identifier_type = links.right_type
    where
        (
            {{ days_between("links.last_seen_at", as_of()) }}
            > least(left_kind.window_days, right_kind.window_days)
        ) <> (
            {{ days_between("links.last_seen_at", then) }}
            > least(left_kind.window_days, right_kind.window_days)
        )
        -- no younger link leaves a window: history is not asked about each of them
        and links.last_seen_at < (
            select
                cast(
                    {{
                        date_plus_days(
                            "greatest(" ~ as_of() ~ ", " ~ then ~ ")", "1 - min(window_days)"
                        )
                    }} as timestamp
                )
            from {{ ref("identifier_types") }}
        )
{% endif %}
