-- No observation lies after the load that brought it.
select source, record_id, identifier_type
from {{ ref("fct_identifier_observations") }}
where observed_at > loaded_at
