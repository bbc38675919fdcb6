-- A customer's id is the key of one of its own identifiers, and no other that can stand for a
-- customer came earlier.
with
    members as (
        select
            assignments.customer_number,
            assignments.identifier_key as own_number,
            judged.loaded_at,
            min(judged.loaded_at) over (partition by assignments.customer_number) as first_loaded_at
        from {{ ref("int_customer_assignments") }} as assignments
        inner join
            {{ ref("int_identifiers_judged") }} as judged
            on judged.identifier_key = assignments.identifier_key
        where assignments.customer_number is not null and judged.is_anchor
    )
select customer_number
from members
group by customer_number
having
    max(case when own_number = customer_number and loaded_at = first_loaded_at then 1 else 0 end)
    = 0
