-- A past decision is counted once, whether or not the tool has echoed it.
select decisions.decision_id, count(contacts.contact_id) as contact_count
from {{ ref("stg_downbeat__decisions") }} as decisions
left join {{ ref("fct_contacts") }} as contacts on contacts.decision_id = decisions.decision_id
where not decisions.is_future
group by decisions.decision_id
having count(contacts.contact_id) <> 1
