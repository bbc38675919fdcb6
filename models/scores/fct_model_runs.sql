-- Every model that was learned: whether it is published, why, and whether it is the one in force.
with
    latest as (
        select
            *,
            row_number() over (
                partition by model order by fitted_at desc, model_version desc
            ) as recency
        from {{ ref("stg_downbeat__model_runs") }}
        where not is_future
    )
select
    -- keys
    model_version,
    -- identifiers
    model,
    -- facts
    is_published,
    is_published and recency = 1 as is_in_force,
    reason,
    train_count,
    test_count,
    -- times
    tested_from_at,
    fitted_at
from latest
