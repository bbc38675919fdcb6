-- Belongs to the universal holdout: as assigned before, else by the bucket of the salt.
with
    experiment as (
        select salt, per_mille
        from {{ ref("experiments") }}
        where experiment = 'universal_holdout' and arm = 'held_out'
    ),
    bucketed as (
        select
            customers.customer_id,
            customers.first_seen_at,
            assigned.is_held_out,
            assigned.assigned_at,
            {{ bucket_of("experiment.salt", "customers.customer_id", 1000) }} as bucket,
            experiment.per_mille
        from {{ ref("dim_customers") }} as customers
        cross join experiment
        left join
            {{ ref("int_customers__assigned") }} as assigned
            on assigned.customer_id = customers.customer_id
    )
select
    customer_id,
    'bucket '
    || cast(bucket as string)
    || ' of 1000'
    || case
        when is_held_out is null
        then ''
        else ', assigned on ' || cast(cast(assigned_at as date) as string)
    end as reason,
    'all' as scope_key,
    cast(null as string) as product_id,
    cast(null as string) as product_category,
    coalesce(assigned_at, first_seen_at) as entered_at,
    cast(null as timestamp) as expires_at
from bucketed
where coalesce(is_held_out, bucket < per_mille)
