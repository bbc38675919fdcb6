-- The universal holdout does without: otherwise nobody could say what marketing is worth.
select d.decision_id
from {{ ref("fct_decisions") }} as d
join {{ ref("messages") }} as m on m.message_id = d.message_id and m.holdout
join
    {{ ref("fct_audience_members") }} as a
    on a.customer_id = d.customer_id
    and a.audience = 'holdout'
where d.run_id = {{ run_id() }}
