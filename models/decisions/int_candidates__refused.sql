-- Candidates that did not pass the gates, each with its first reason and all of them.
select
    -- keys
    customer_number,
    message_number,
    instance,
    -- facts
    first_reason,
    reason_mask,
    cast(null as bigint) as extent,
    score
from {{ ref("int_candidates__gated") }}
where first_reason is not null
