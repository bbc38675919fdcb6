-- Customers who live together: a shared telephone, or one family name at one address. Never used
-- to merge anyone.
{{ config(materialized="components") }}
with
    customers as (
        select distinct customer_id, cast(substr(customer_id, 2) as bigint) as customer_key
        from {{ ref("dim_customer_identifiers") }}
        where customer_id is not null
    ),
    signs as (
        select customer_id, 'phone ' || contact_point as sign
        from {{ ref("int_customer_contact_points") }}
        where contact_type = 'phone' and is_shared
        union all
        select
            customer_id,
            'home ' || lower(
                last_name || '|' || postcode || '|' || street || '|' || coalesce(country, '')
            ) as sign
        from {{ ref("int_customer_details") }}
        where last_name is not null and postcode is not null and street is not null
    ),
    shared_signs as (
        select sign, min(cast(substr(customer_id, 2) as bigint)) as first_key
        from signs
        group by sign
        having count(distinct customer_id) between 2 and {{ var("most_customers_in_a_household") }}
    )
select cast(substr(signs.customer_id, 2) as bigint) as a, shared_signs.first_key as b
from signs
inner join shared_signs on shared_signs.sign = signs.sign
union all
select customer_key as a, customer_key as b
from customers
