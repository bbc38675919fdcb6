-- By the customer's own clock where it is known: nothing rings before its rule opens or
-- after it closes.
select d.decision_id, q.rule_id, d.send_after
from {{ ref("fct_decisions") }} as d
join {{ ref("messages") }} as m on m.message_id = d.message_id and m.purpose = 'marketing'
join {{ ref("dim_customers") }} as c on c.customer_id = d.customer_id and c.is_time_zone_known
join
    {{ ref("time_zone_offsets") }} as o
    on o.time_zone = c.time_zone
    and d.send_after >= o.utc_from
    and d.send_after < o.utc_to
join {{ ref("quiet_hours") }} as q on q.channel = d.channel and q.country = '*' and q.days = '*'
where
    d.run_id = {{ run_id() }}
    and (
        substr(cast({{ add_seconds("d.send_after", "60 * o.offset_minutes") }} as string), 12, 5)
        < q.open_local
        or substr(cast({{ add_seconds("d.send_after", "60 * o.offset_minutes") }} as string), 12, 5)
        >= q.close_local
    )
