-- Both ends of an accepted link are one customer: the components converged.
select
    links.left_type,
    links.right_type,
    left_side.customer_id,
    right_side.customer_id as other_customer_id
from {{ ref("fct_identity_links") }} as links
inner join
    {{ ref("dim_customer_identifiers") }} as left_side
    on left_side.identifier_type = links.left_type
    and left_side.identifier = links.left_identifier
inner join
    {{ ref("dim_customer_identifiers") }} as right_side
    on right_side.identifier_type = links.right_type
    and right_side.identifier = links.right_identifier
where
    links.is_accepted
    and coalesce(left_side.customer_id, 'nobody') <> coalesce(right_side.customer_id, 'nobody')
