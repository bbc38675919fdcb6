-- Identifiers that this pass has touched: the ways of their customers are walked again.
{% set before = identity_before() %}
select identifier_key
from {{ ref("int_identifier_islands") }}
where {{ is_new_to_identity("batch", before) }}
union
-- a match that comes or goes moves the assignment, not the island
select identifier_key
from {{ ref("int_customer_assignments") }}
where {{ is_new_to_identity("batch", before) }}
{% if before and var("match_joins") %}
    union
    -- an island is written whole; a customer by match has several
    select others.identifier_key
    from {{ ref("int_customer_assignments") }} as others
    where
        others.is_matched
        and others.customer_number in (
            select assignments.customer_number
            from {{ ref("int_customer_assignments") }} as assignments
            inner join
                {{ ref("int_identifier_islands") }} as islands
                on islands.identifier_key = assignments.identifier_key
            where
                assignments.is_matched
                and (
                    {{ is_new_to_identity("islands.batch", before) }}
                    or {{ is_new_to_identity("assignments.batch", before) }}
                )
        )
{% endif %}
