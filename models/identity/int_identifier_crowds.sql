-- What stands around an identifier that one person could not use alone: a card of the cashier's is
-- paid with by many payment cards, and shown all day. For the identifiers this pass has to judge
-- whose kind has a limit.
with
    limited as (
        select touched.identifier_key, kinds.identifier_type
        from {{ ref("int_identifier_partners") }} as touched
        inner join
            {{ ref("int_identifiers_observed") }} as observed
            on observed.identifier_key = touched.identifier_key
        inner join
            {{ ref("identifier_types") }} as kinds
            on kinds.identifier_type = observed.identifier_type
        where kinds.max_weak_partners is not null
    ),
    sides as (
        select
            limited.identifier_key, links.right_type as partner_type, links.right_key as partner_key
        from {{ ref("int_links_observed") }} as links
        inner join limited on limited.identifier_key = links.left_key
        union all
        select
            limited.identifier_key, links.left_type as partner_type, links.left_key as partner_key
        from {{ ref("int_links_observed") }} as links
        inner join limited on limited.identifier_key = links.right_key
    ),
    counted as (
        select sides.identifier_key, sides.partner_type, count(*) as partner_count
        from sides
        inner join
            {{ ref("identifier_types") }} as kinds on kinds.identifier_type = sides.partner_type
        where not kinds.is_trusted
        group by sides.identifier_key, sides.partner_type
    )
select
    -- keys
    identifier_key,
    -- facts
    cast(max(partner_count) as bigint) as weak_partner_count
from counted
group by identifier_key
