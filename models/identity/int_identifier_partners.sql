-- How many trusted identifiers use an identifier, and how many given names go with it or with
-- them; for the identifiers this pass has to judge.
{% set before = identity_before() %}
with
    stirred as (
        select identifier_key
        from {{ ref("int_identifier_names") }}
        where {{ is_new_to_identity("batch", before) }}
        union
        select identifier_key
        from {{ ref("int_identifiers_observed") }}
        where {{ is_new_to_identity("ruled_batch", before) }}
    ),
    -- whoever was seen, and whoever stands beside one that was renamed or blocked
    touched as (
        select identifier_key
        from {{ ref("int_identifiers_observed") }}
        where {{ is_new_to_identity("batch", before) }}
        {% if before %}
            union
            select links.right_key as identifier_key
            from {{ ref("int_links_observed") }} as links
            inner join stirred on stirred.identifier_key = links.left_key
            union
            select links.left_key as identifier_key
            from {{ ref("int_links_observed") }} as links
            inner join stirred on stirred.identifier_key = links.right_key
        {% endif %}
    ),
    sides as (
        select
            links.left_key as identifier_key,
            links.right_key as partner_key,
            links.right_type as partner_type
        from {{ ref("int_links_observed") }} as links
        {% if before %} inner join touched on touched.identifier_key = links.left_key {% endif %}
        union all
        select
            links.right_key as identifier_key,
            links.left_key as partner_key,
            links.left_type as partner_type
        from {{ ref("int_links_observed") }} as links
        {% if before %} inner join touched on touched.identifier_key = links.right_key {% endif %}
    ),
    trusted_sides as (
        select sides.identifier_key, sides.partner_key, sides.partner_type, kinds.partner_weight
        from sides
        inner join
            {{ ref("identifier_types") }} as kinds on kinds.identifier_type = sides.partner_type
        inner join
            {{ ref("int_identifiers_observed") }} as partner
            on partner.identifier_key = sides.partner_key
        where kinds.is_trusted and partner.blocked_reason is null
    ),
    partners as (
        select
            identifier_key,
            max(partner_count) as strong_partner_count,
            max(partner_weight) as strong_partner_weight
        from
            (
                select
                    identifier_key,
                    partner_type,
                    count(*) as partner_count,
                    sum(partner_weight) as partner_weight
                from trusted_sides
                group by identifier_key, partner_type
            ) as counted
        group by identifier_key
    ),
    names as (
        select identifier_key, count(distinct given_name) as name_count
        from
            (
                select names.identifier_key, names.given_name
                from {{ ref("int_identifier_names") }} as names
                inner join touched on touched.identifier_key = names.identifier_key
                union all
                select trusted_sides.identifier_key, names.given_name
                from trusted_sides
                inner join
                    {{ ref("int_identifier_names") }} as names
                    on names.identifier_key = trusted_sides.partner_key
            ) as heard
        group by identifier_key
    )
select
    -- keys
    touched.identifier_key,
    -- facts
    cast(coalesce(partners.strong_partner_count, 0) as bigint) as strong_partner_count,
    cast(coalesce(partners.strong_partner_weight, 0) as bigint) as strong_partner_weight,
    cast(coalesce(names.name_count, 0) as bigint) as name_count
from touched
left join partners on partners.identifier_key = touched.identifier_key
left join names on names.identifier_key = touched.identifier_key
