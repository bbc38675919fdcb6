-- Which customer an identifier speaks for today; a shared one speaks for nobody.
{{ config(materialized="view") }}
select identifier_type, identifier, customer_id
from {{ ref("dim_customer_identifiers") }}
where not is_shared and customer_id is not null
