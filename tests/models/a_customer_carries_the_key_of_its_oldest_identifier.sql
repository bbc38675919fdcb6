-- A customer's id is the key of one of its own identifiers, and no other that can stand for a
-- customer came earlier.
with
    members as (
        select
            assignments.customer_id,
            'c' || cast(assignments.identifier_key as string) as own_id,
            judged.loaded_at,
            min(judged.loaded_at) over (partition by assignments.customer_id) as first_loaded_at
        from {{ ref("int_customer_assignments") }} as assignments
        inner join
            {{ ref("int_identifiers_judged") }} as judged
            on judged.identifier_key = assignments.identifier_key
        where assignments.customer_id is not null and judged.is_anchor
    )
select customer_id
from members
group by customer_id
having max(case when own_id = customer_id and loaded_at = first_loaded_at then 1 else 0 end) = 0
