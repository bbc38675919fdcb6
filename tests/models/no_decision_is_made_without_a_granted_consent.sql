-- Marketing only to an address whose own last word on that channel is yes; service mail never
-- against a no.
select d.decision_id, d.channel, c.status
from {{ ref("fct_decisions") }} as d
join {{ ref("messages") }} as m on m.message_id = d.message_id
left join
    {{ ref("fct_consents") }} as c
    on c.contact_type = d.contact_type
    and c.contact_point = d.contact_point
    and c.channel = d.channel
    and c.purpose = m.purpose
where
    d.run_id = {{ run_id() }}
    and (
        (m.purpose = 'marketing' and coalesce(c.status, 'nothing') <> 'granted')
        or (m.purpose = 'transactional' and c.status = 'withdrawn')
    )
