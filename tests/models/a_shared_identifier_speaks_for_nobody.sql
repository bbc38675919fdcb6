-- What several people use speaks for none of them.
select identifier_type, identifier, customer_id
from {{ ref("dim_customer_identifiers") }}
where is_shared and customer_id is not null
