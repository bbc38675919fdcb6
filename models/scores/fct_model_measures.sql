-- How every learned model did beside its baselines, on days that none of them had seen.
select
    -- keys
    measures.model_version,
    measures.competitor,
    measures.measure,
    measures.step,
    -- identifiers
    runs.model,
    -- facts
    measures.value,
    -- times
    runs.fitted_at
from {{ ref("stg_downbeat__model_measures") }} as measures
inner join {{ ref("fct_model_runs") }} as runs on runs.model_version = measures.model_version
