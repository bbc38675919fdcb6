-- What this run chose to send: few of all candidates, and written down so that whoever joins more
-- to
-- it knows how few.
select
    -- keys
    customer_number,
    message_number,
    instance,
    -- facts
    score
from {{ ref("int_candidates__reasoned") }}
where first_reason = 0
