-- Name and address as last written on an account, a loyalty form or an order; an account or form
-- beats an order.
with
    owned as (
        select
            identifiers.customer_id,
            written.*,
            written.identifier_type || ':' || written.identifier as written_on
        from {{ ref("int_details_written") }} as written
        inner join
            {{ ref("dim_customer_identifiers") }} as identifiers
            on identifiers.identifier_type = written.identifier_type
            and identifiers.identifier = written.identifier
        where identifiers.customer_id is not null
    ),
    ranked as (
        select
            *,
            row_number() over (
                partition by customer_id
                order by
                    case when first_name is null or last_name is null then 1 else 0 end,
                    trust_rank,
                    updated_at desc,
                    written_on,
                    first_name,
                    last_name
            ) as name_place,
            row_number() over (
                partition by customer_id
                order by
                    case when postcode is null then 1 else 0 end,
                    trust_rank,
                    case when street is null then 1 else 0 end,
                    updated_at desc,
                    written_on,
                    postcode,
                    country
            ) as address_place,
            row_number() over (
                partition by customer_id
                order by
                    case when locale is null then 1 else 0 end, updated_at desc, written_on, locale
            ) as locale_place
        from owned
    )
select
    customer_id,
    max(case when name_place = 1 then first_name end) as first_name,
    max(case when name_place = 1 then last_name end) as last_name,
    max(case when address_place = 1 then street end) as street,
    max(case when address_place = 1 then postcode end) as postcode,
    max(case when address_place = 1 then country end) as country,
    max(case when locale_place = 1 then locale end) as locale
from ranked
group by customer_id
