-- Whoever was assigned to the holdout and is still a customer is held out today.
select assignments.customer_id, assignments.assigned_at
from {{ ref("stg_downbeat__assignments") }} as assignments
inner join
    {{ ref("dim_customers") }} as customers on customers.customer_id = assignments.customer_id
left join {{ ref("aud_holdout") }} as holdout on holdout.customer_id = assignments.customer_id
where
    assignments.experiment = 'universal_holdout'
    and assignments.arm = 'held_out'
    and holdout.customer_id is null
