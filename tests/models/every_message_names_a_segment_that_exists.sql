-- A message to an audience nobody defined would silently reach no one.
select messages.message_id, messages.audience
from {{ ref("messages") }} as messages
left join {{ ref("audiences") }} as audiences on audiences.audience = messages.audience
where
    messages.message_id not in (select message_id from {{ ref("programme_steps") }})
    and coalesce(audiences.kind, '') <> 'segment'
