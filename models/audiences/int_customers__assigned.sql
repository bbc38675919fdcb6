-- Which holdout arm a customer was put in; a change of identity moves nobody out of it.
{{ config(materialized="table") }}
with
    assigned as (
        select customer_id, arm = 'held_out' as is_held_out, assigned_at
        from {{ ref("stg_downbeat__assignments") }}
        where experiment = 'universal_holdout'
    ),
    moved as (
        select distinct customer_id, other_customer_id, kind
        from {{ ref("fct_identity_changes") }}
        where other_customer_id is not null
    ),
    -- Who became one with, or parted from, somebody assigned; and once more for those
    -- who did so twice.
    inherited_once as (
        select moved.customer_id, moved.kind, assigned.is_held_out, assigned.assigned_at
        from moved
        inner join assigned on assigned.customer_id = moved.other_customer_id
    ),
    inherited_twice as (
        select moved.customer_id, moved.kind, inherited_once.is_held_out, inherited_once.assigned_at
        from moved
        inner join inherited_once on inherited_once.customer_id = moved.other_customer_id
    ),
    arms as (
        select customer_id, 'own' as kind, is_held_out, assigned_at
        from assigned
        union all
        select customer_id, kind, is_held_out, assigned_at
        from inherited_once
        union all
        select customer_id, kind, is_held_out, assigned_at
        from inherited_twice
    ),
    weighed as (
        select
            customer_id,
            max(case when kind = 'own' then 1 else 0 end) = 1 as has_own_arm,
            max(case when is_held_out and kind = 'split' then 1 else 0 end)
            = 1 as is_held_out_by_origin,
            max(case when is_held_out and kind <> 'split' then 1 else 0 end) = 1 as is_held_out,
            min(assigned_at) as assigned_at
        from arms
        group by customer_id
    )
select
    -- keys
    customer_id,
    -- facts
    is_held_out or (is_held_out_by_origin and not has_own_arm) as is_held_out,
    -- times
    assigned_at
from weighed
