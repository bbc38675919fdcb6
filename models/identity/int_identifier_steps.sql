-- How far each identifier lies from the one that names its customer, and over which one the way
-- leads. Only customers that a pass has touched are walked again.
{{ config(materialized="walk") }}
{% set before = identity_before() %}
with
    touched as (
        select distinct assignments.customer_id
        from {{ ref("int_customer_assignments") }} as assignments
        inner join
            {{ ref("int_identifier_islands") }} as islands
            on islands.identifier_key = assignments.identifier_key
        where
            assignments.customer_id is not null
            -- a match that comes or goes moves the assignment, not the island
            and (
                {{ is_new_to_identity("islands.batch", before) }}
                or {{ is_new_to_identity("assignments.batch", before) }}
            )
    )
select links.left_key as a, links.right_key as b
from {{ ref("fct_identity_links") }} as links
inner join touched on touched.customer_id = links.left_customer_id
where links.is_accepted
union all
select links.left_key as a, links.right_key as b
from {{ ref("int_links_by_match") }} as links
inner join touched on touched.customer_id = links.customer_id
union all
select assignments.identifier_key as a, assignments.identifier_key as b
from {{ ref("int_customer_assignments") }} as assignments
inner join touched on touched.customer_id = assignments.customer_id
where assignments.customer_id = 'c' || cast(assignments.identifier_key as string)
