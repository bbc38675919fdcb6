-- Every observed identifier has a customer or a reason why not, and never both.
select observations.source, observations.record_id, observations.identifier_type
from {{ ref("fct_identifier_observations") }} as observations
left join
    {{ ref("dim_customer_identifiers") }} as identifiers
    on identifiers.identifier_type = observations.identifier_type
    and identifiers.identifier = observations.identifier
where
    identifiers.identifier is null
    or (identifiers.customer_id is null) = (identifiers.refusal_reason is null)
