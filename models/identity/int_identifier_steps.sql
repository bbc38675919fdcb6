-- How far each identifier lies from the one that names its customer, and over which one the way
-- leads. Only customers that a pass has touched are walked again.
{{ config(materialized="walk") }}
{% set before = identity_before() %}
{# whom those touched speak for was looked up once, to tell of them #}
{% set assigned, told = ref("int_customer_assignments"), ref("int_identifiers_to_tell") %}
select links.left_key as a, links.right_key as b
from {{ ref("fct_identity_links") }} as links
inner join {{ ref("int_identifiers_moved") }} as moved on moved.identifier_key = links.left_key
where links.is_accepted
union all
select links.left_key as a, links.right_key as b
from {{ ref("int_links_by_match") }} as links
inner join {{ ref("int_identifiers_moved") }} as moved on moved.identifier_key = links.left_key
union all
select identifier_key as a, identifier_key as b
from {{ told if before else assigned }}
where customer_number = identifier_key
