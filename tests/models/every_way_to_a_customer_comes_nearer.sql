-- Every step on the way to the identifier that names the customer is one nearer to it,
-- over a link that joins.
select here.customer_id, here.identifier_type, here.identifier
from {{ ref("fct_identity_paths") }} as here
left join
    {{ ref("fct_identity_paths") }} as nearer
    on nearer.customer_id = here.customer_id
    and nearer.identifier_type = here.previous_type
    and nearer.identifier = here.previous_identifier
    and nearer.distance = here.distance - 1
where here.distance > 0 and (nearer.identifier is null or here.rule is null)
