-- The coefficients of the models in force.
select
    -- keys
    runs.model,
    runs.model_version,
    coefficients.feature,
    -- facts
    coefficients.coefficient,
    coefficients.center,
    coefficients.scale
from {{ ref("fct_model_runs") }} as runs
inner join
    {{ ref("stg_downbeat__model_coefficients") }} as coefficients
    on coefficients.model_version = runs.model_version
where runs.is_in_force
