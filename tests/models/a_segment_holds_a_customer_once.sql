-- One row per customer and segment: a message is proposed for one thing at a time.
select audience, customer_id, count(*) as row_count
from {{ ref("fct_audience_members") }}
where kind = 'segment'
group by audience, customer_id
having count(*) > 1
