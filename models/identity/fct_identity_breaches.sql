-- Customers that still hold more identifiers of a kind than one customer has, after every step of
-- protection: neither merged further nor dropped, but said.
select
    -- keys
    identifiers.customer_id,
    identifiers.identifier_type,
    -- facts
    cast(count(*) as bigint) as identifier_count,
    kinds.max_per_customer,
    -- times
    max(identifiers.first_seen_at) as last_new_at,
    max(identifiers.last_seen_at) as last_seen_at
from {{ ref("dim_customer_identifiers") }} as identifiers
inner join
    {{ ref("identifier_types") }} as kinds on kinds.identifier_type = identifiers.identifier_type
where identifiers.customer_id is not null
group by identifiers.customer_id, identifiers.identifier_type, kinds.max_per_customer
having count(*) > kinds.max_per_customer
