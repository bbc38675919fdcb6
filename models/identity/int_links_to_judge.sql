-- Links this pass has to judge: what was seen of them, and what was judged last. Of those it was
-- not shown the last verdict carries what was seen, so history is looked through once, and one key
-- at a time: what lies between asked ends without being asked about comes along, and says what it
-- said. None when everything is built anew, for then it is all that was observed.
{% set before = identity_before() %}
{% set observed, by_hand = ref("int_links_observed"), ref("int_links_by_hand") %}
{% set touched = ref("int_links_touched") %}
{% set seen = [
    "left_key",
    "right_key",
    "evidence_count",
    "sources",
    "first_seen_at",
    "last_seen_at",
] %}
{% set verdict = link_verdict() + ["ruled_batch"] %}
{% if before %}
    with
        asked as (
            select left_key, right_key
            from {{ touched }}
            union all
            select low_key as left_key, high_key as right_key
            from {{ by_hand }}
        ),
        shown as (select * from {{ observed }} where {{ is_new_to_identity("batch", before) }}),
        held as (
            select *
            from {{ by_name("int_links_judged") }}
            where
                left_key in (select left_key from asked)
                and right_key in (select right_key from asked)
        )
    select
        {% for column in seen %}
            coalesce(shown.{{ column }}, held.{{ column }}) as {{ column }},
        {% endfor %}
        {% for column in verdict %}
            held.{{ column }} as held_{{ column }} {{ "," if not loop.last }}
        {% endfor %}
    from shown
    full outer join held on held.left_key = shown.left_key and held.right_key = shown.right_key
{% else %} select {{ seen | join(", ") }} from {{ observed }} where 1 = 0
{% endif %}
