-- How many trusted identifiers use an identifier, and where several do, how many of them nobody
-- ever
-- named, and how many given names go with it or with them, two spellings being one.
with
    touched as (select identifier_key from {{ ref("int_identifiers_touched") }}),
    trusted_sides as (select * from {{ ref("int_trusted_partners") }}),
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
    crowded as (select * from partners where strong_partner_count > 1),
    named_partners as (
        select trusted_sides.identifier_key, trusted_sides.partner_key, names.given_name
        from trusted_sides
        inner join crowded on crowded.identifier_key = trusted_sides.identifier_key
        inner join
            {{ ref("int_identifier_names") }} as names
            on names.identifier_key = trusted_sides.partner_key
    ),
    named as (
        select identifier_key, count(distinct partner_key) as partner_count
        from named_partners
        group by identifier_key
    ),
    heard as (
        select names.identifier_key, names.given_name
        from {{ ref("int_identifier_names") }} as names
        inner join crowded on crowded.identifier_key = names.identifier_key
        union
        select identifier_key, given_name
        from named_partners
    ),
    spellings as (select identifier_key, count(*) as name_count from heard group by identifier_key),
    few as (
        select
            heard.identifier_key,
            heard.given_name,
            {{ plain_letters("heard.given_name") }} as letters
        from heard
        inner join spellings on spellings.identifier_key = heard.identifier_key
        where spellings.name_count between 2 and 10
    ),
    misspelt as (
        select distinct other.identifier_key, other.given_name
        from few as one
        inner join
            few as other
            on other.identifier_key = one.identifier_key
            and other.given_name > one.given_name
        where {{ is_one_name("one.letters", "other.letters") }}
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
    cast(
        coalesce(crowded.strong_partner_count, 0) - coalesce(named.partner_count, 0) as bigint
    ) as nameless_partner_count,
    cast(coalesce(names.name_count, 0) as bigint) as name_count
from touched
left join crowded on crowded.identifier_key = touched.identifier_key
left join named on named.identifier_key = touched.identifier_key
left join partners on partners.identifier_key = touched.identifier_key
left join names on names.identifier_key = touched.identifier_key
