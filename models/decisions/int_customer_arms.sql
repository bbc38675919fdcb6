-- The arms that treat a customer otherwise than most, of experiments that run now, and what of.
select distinct
    -- keys
    a.customer_id,
    a.experiment || ':' || a.arm as segment,
    -- facts
    a.arm in ('held_out', 'replaced') as is_held_out,
    a.arm = 'replaced' as is_replaced,
    e.scope_type || ':' || e.scope_key as scope
from {{ ref("fct_assignments") }} as a
join {{ ref("experiments") }} as e on e.experiment = a.experiment and e.arm = a.arm
where {{ is_valid_now("e") }} and {{ is_concerned("a.customer_id") }}
