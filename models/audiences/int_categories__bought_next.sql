-- Which category the buyers of a category turn to next, more than everybody else does.
{{ config(materialized="table") }}
with
    steps as (
        select product_category, next_category, count(*) as step_count
        from {{ ref("int_baskets__summed") }}
        where next_category is not null and next_category <> product_category
        group by product_category, next_category
    ),
    left_from as (
        select product_category, sum(step_count) as step_count from steps group by product_category
    ),
    arrived_at as (
        select next_category, sum(step_count) as step_count from steps group by next_category
    ),
    everything as (select sum(step_count) as step_count from steps),
    -- Lift in per mille, in doubles only until rounded. A step taken by fewer than one
    -- in fifty is chance.
    lifted as (
        select
            steps.product_category,
            steps.next_category,
            cast(steps.step_count as bigint) as step_count,
            steps.step_count * 50 >= left_from.step_count as is_frequent,
            cast(
                round(
                    1000.0e0
                    * steps.step_count
                    * everything.step_count
                    / (cast(left_from.step_count as double) * cast(arrived_at.step_count as double))
                ) as bigint
            ) as lift_per_mille
        from steps
        inner join left_from on left_from.product_category = steps.product_category
        inner join arrived_at on arrived_at.next_category = steps.next_category
        cross join everything
    )
select
    -- keys
    product_category,
    next_category,
    -- facts
    step_count,
    lift_per_mille,
    row_number() over (
        partition by product_category
        order by
            case when is_frequent then 0 else 1 end,
            lift_per_mille desc,
            step_count desc,
            next_category
    ) as place
from lifted
