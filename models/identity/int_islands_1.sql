-- Identifiers that hang together through links nobody refused.
{{ config(materialized="components", carried=true) }}
{% set before = identity_before() %}
{% if not before %}
    select left_key as a, right_key as b, true as is_link
    from {{ ref("int_links_judged") }}
    where refusal_reason is null
{% else %}
    with
        ruled as (
            select left_key, right_key, refusal_reason is null as is_link
            from {{ ref("int_links_judged") }}
            where {{ is_new_to_identity("ruled_batch", before) }}
        ),
        -- a link that no longer holds may have been what held an island together
        loosened as (
            select distinct left_side.component
            from ruled
            inner join {{ this }} as left_side on left_side.node = ruled.left_key
            inner join
                {{ this }} as right_side
                on right_side.node = ruled.right_key
                and right_side.component = left_side.component
            where not ruled.is_link
        )
    select left_key as a, right_key as b, is_link
    from ruled
    where is_link
    union all
    select links.left_key as a, links.right_key as b, true as is_link
    from {{ ref("int_links_judged") }} as links
    where
        links.refusal_reason is null
        -- the few first: mostly there are none, and then nothing is read
        and links.left_key in (
            select islands.node
            from {{ this }} as islands
            where islands.component in (select component from loosened)
        )
    union all
    select component as a, component as b, false as is_link
    from loosened
{% endif %}
