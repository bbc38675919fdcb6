-- Who is in which arm of which experiment; once assigned, for good. Who has become one with
-- somebody held out is held out too, and says so: crossed.
with
    held_out as (
        select customer_id from {{ ref("fct_audience_members") }} where audience = 'holdout'
    ),
    experiments as (
        select experiment, min(salt) as salt
        from {{ ref("experiments") }} as e
        where {{ is_valid_now("e") }}
        group by experiment
    ),
    arms as (
        -- of a thousand buckets each arm has its own, one after the other
        select
            experiment,
            arm,
            sum(per_mille) over (partition by experiment order by arm) - per_mille as first_bucket,
            sum(per_mille) over (partition by experiment order by arm) as end_bucket
        from {{ ref("experiments") }} as e
        where {{ is_valid_now("e") }}
    ),
    newcomers as (
        select
            e.experiment,
            c.customer_id,
            {{ bucket_of("e.salt", "c.customer_id", 1000) }} as bucket,
            -- not the bucket: who parted from somebody held out stays held out
            h.customer_id is not null as is_held_out
        from {{ ref("dim_customers") }} as c
        cross join experiments as e
        left join
            {{ ref("stg_downbeat__assignments") }} as a
            on a.customer_id = c.customer_id
            and a.experiment = e.experiment
        left join held_out as h on h.customer_id = c.customer_id
        where a.customer_id is null
    )
select
    -- keys
    n.experiment,
    n.customer_id,
    -- facts
    cast(n.bucket as bigint) as bucket,
    case
        when n.experiment = 'universal_holdout'
        then case when n.is_held_out then 'held_out' else 'treated' end
        else coalesce(a.arm, 'treated')
    end as arm,
    false as is_crossed,
    -- times
    {{ as_of() }} as assigned_at
from newcomers as n
left join
    arms as a
    on a.experiment = n.experiment
    and n.bucket >= a.first_bucket
    and n.bucket < a.end_bucket
union all
select
    -- keys
    past.experiment,
    past.customer_id,
    -- facts
    past.bucket,
    past.arm,
    past.experiment = 'universal_holdout'
    and past.arm = 'treated'
    and held_out.customer_id is not null as is_crossed,
    -- times
    past.assigned_at
from {{ ref("stg_downbeat__assignments") }} as past
left join held_out on held_out.customer_id = past.customer_id
