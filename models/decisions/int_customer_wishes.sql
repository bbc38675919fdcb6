-- How many messages of this run each customer would get if there were no caps.
select
    -- keys
    r.customer_number,
    -- facts
    count(*) as wish_count
from {{ ref("int_candidates__roomed") }} as r
join {{ ref("int_messages__ready") }} as m on m.message_number = r.message_number
where m.count_to_caps
group by r.customer_number
