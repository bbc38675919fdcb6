-- No identifier belongs to two customers.
select identifier_type, identifier, count(distinct customer_id) as customer_count
from {{ ref("dim_customer_identifiers") }}
group by identifier_type, identifier
having count(*) > 1
