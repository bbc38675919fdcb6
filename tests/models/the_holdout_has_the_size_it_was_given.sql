-- Within five standard deviations of its share; a smaller or larger one means a broken salt.
with
    counted as (
        select
            cast(count(*) as double) as customer_count,
            cast(
                sum(case when holdout.customer_id is not null then 1 else 0 end) as double
            ) as held_count,
            min(experiment.per_mille) / 1000.0e0 as share
        from {{ ref("dim_customers") }} as customers
        inner join
            {{ ref("experiments") }} as experiment
            on experiment.experiment = 'universal_holdout'
            and experiment.arm = 'held_out'
        left join {{ ref("aud_holdout") }} as holdout on holdout.customer_id = customers.customer_id
    )
select customer_count, held_count, share
from counted
where
    customer_count >= 1000
    and abs(held_count - customer_count * share) > 5 * sqrt(customer_count * share * (1 - share))
