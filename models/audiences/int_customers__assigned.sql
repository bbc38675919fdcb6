-- Which arm of the universal holdout a customer was put in before, the stricter one where two
-- became one.
{{ config(materialized="table") }}
with
    assigned as (
        select customer_id, arm, assigned_at
        from {{ ref("stg_downbeat__assignments") }}
        where experiment = '{{ var("holdout_salt") }}'
    ),
    -- A merge says which two ids met; which of them lived on does not matter here.
    met as (
        select customer_id, other_customer_id
        from {{ ref("fct_identity_changes") }}
        where kind = 'merged'
        union
        select other_customer_id, customer_id
        from {{ ref("fct_identity_changes") }}
        where kind = 'merged'
    ),
    inherited as (
        select customer_id, arm, assigned_at
        from assigned
        union all
        select met.other_customer_id, assigned.arm, assigned.assigned_at
        from assigned
        inner join met on met.customer_id = assigned.customer_id
    )
select
    -- keys
    customer_id,
    -- facts
    max(case when arm = 'holdout' then 1 else 0 end) = 1 as is_holdout,
    -- times
    min(assigned_at) as assigned_at
from inherited
group by customer_id
