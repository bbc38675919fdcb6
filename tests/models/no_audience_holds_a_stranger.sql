-- Everyone in an audience is a customer we know today.
select members.audience, members.customer_id
from {{ ref("fct_audience_members") }} as members
left join {{ ref("dim_customers") }} as customers on customers.customer_id = members.customer_id
where customers.customer_id is null
