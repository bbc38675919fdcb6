-- How many messages of this run each customer would get if there were no caps.
select
    -- keys
    customer_number,
    -- facts
    count(*) as wish_count
from {{ ref("int_candidates__roomed") }}
where count_to_caps
group by customer_number
