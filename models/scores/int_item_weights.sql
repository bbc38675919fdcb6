-- What owning one item says for another, by the model of new products in force: cosine from SQL,
-- or EASE as learned.
with
    in_force as (
        select runs.model_version, chosen.feature as variant
        from {{ ref("fct_model_runs") }} as runs
        inner join
            {{ ref("stg_downbeat__model_coefficients") }} as chosen
            on chosen.model_version = runs.model_version
            and chosen.feature in ('cosine', 'ease')
        where runs.is_in_force and runs.model = 'new_product'
    )
select
    -- keys
    near.item,
    near.neighbour,
    -- identifiers
    in_force.model_version,
    -- facts
    near.similarity_e10 as weight_e10
from {{ ref("int_item_similarities") }} as near
inner join in_force on in_force.variant = 'cosine'
union all
select
    learned.item,
    learned.neighbour,
    in_force.model_version,
    cast(round(1.0e10 * learned.weight) as bigint) as weight_e10
from {{ ref("stg_downbeat__item_weights") }} as learned
inner join in_force on in_force.variant = 'ease' and in_force.model_version = learned.model_version
where not learned.is_future
