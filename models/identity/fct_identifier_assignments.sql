-- Who each identifier was taken for, from when on. Publishing makes it a source again, so that a
-- warehouse built anew goes on from it.
select
    -- keys
    identifier_key,
    change_number,
    -- identifiers
    {{ customer_of_number("customer_number") }} as customer_id,
    {{ customer_of_number("previous_customer_number") }} as previous_customer_id,
    -- times
    valid_from
from {{ ref("int_assignment_changes") }}
