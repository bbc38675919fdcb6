-- How many trusted identifiers use an identifier, and how many given names go with it or with
-- them; for the identifiers this pass has to judge. Two spellings of one name are one name.
{% set before = identity_before() %}
with
    touched as (select identifier_key from {{ ref("int_identifiers_touched") }}),
    -- what people cut by hand was never seen
    links as (
        select links.left_key, links.left_type, links.right_key, links.right_type
        from {{ ref("int_links_observed") }} as links
        left join
            {{ ref("int_links_by_hand") }} as by_hand
            on by_hand.low_key = least(links.left_key, links.right_key)
            and by_hand.high_key = greatest(links.left_key, links.right_key)
        where by_hand.cut_reason is null
    ),
    sides as (
        select
            links.left_key as identifier_key,
            links.right_key as partner_key,
            links.right_type as partner_type
        from links
        {% if before %} inner join touched on touched.identifier_key = links.left_key {% endif %}
        union all
        select
            links.right_key as identifier_key,
            links.left_key as partner_key,
            links.left_type as partner_type
        from links
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
            sum(partner_count) as strong_partner_count,
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
    heard as (
        select names.identifier_key, names.given_name
        from {{ ref("int_identifier_names") }} as names
        inner join touched on touched.identifier_key = names.identifier_key
        union
        select trusted_sides.identifier_key, names.given_name
        from trusted_sides
        inner join
            {{ ref("int_identifier_names") }} as names
            on names.identifier_key = trusted_sides.partner_key
    ),
    spellings as (select identifier_key, count(*) as name_count from heard group by identifier_key),
    misspelt as (
        select distinct other.identifier_key, other.given_name
        from spellings
        inner join heard as one on one.identifier_key = spellings.identifier_key
        inner join
            heard as other
            on other.identifier_key = one.identifier_key
            and other.given_name > one.given_name
        where
            spellings.name_count between 2 and 10
            and {{ is_one_name("one.given_name", "other.given_name") }}
    ),
    names as (
        select
            spellings.identifier_key,
            max(spellings.name_count) - count(misspelt.given_name) as name_count
        from spellings
        left join misspelt on misspelt.identifier_key = spellings.identifier_key
        group by spellings.identifier_key
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
