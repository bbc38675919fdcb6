-- Who is in which arm of which experiment; once assigned, for good. Who has become one with
-- somebody held out is held out too, and says so: crossed.
with
    held_out as (
        select customer_id from {{ ref("fct_audience_members") }} where audience = 'holdout'
    ),
    newcomers as (
        select
            c.customer_id,
            {{ bucket_of("'" ~ var("holdout_salt") ~ "'", "c.customer_id", 1000) }} as bucket,
            -- not the bucket: who parted from somebody held out stays held out
            h.customer_id is not null as is_held_out
        from {{ ref("dim_customers") }} as c
        left join
            {{ ref("stg_downbeat__assignments") }} as a
            on a.customer_id = c.customer_id
            and a.experiment = 'universal_holdout'
        left join held_out as h on h.customer_id = c.customer_id
        where a.customer_id is null
    )
select
    -- keys
    'universal_holdout' as experiment,
    customer_id,
    -- facts
    cast(bucket as bigint) as bucket,
    case when is_held_out then 'held_out' else 'treated' end as arm,
    false as is_crossed,
    -- times
    {{ as_of() }} as assigned_at
from newcomers
union all
select
    -- keys
    past.experiment,
    past.customer_id,
    -- facts
    past.bucket,
    past.arm,
    past.arm = 'treated' and held_out.customer_id is not null as is_crossed,
    -- times
    past.assigned_at
from {{ ref("stg_downbeat__assignments") }} as past
left join held_out on held_out.customer_id = past.customer_id
