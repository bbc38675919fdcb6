-- A message to an audience nobody defined would silently reach no one.
select messages.message_id, messages.audience
from {{ ref("messages") }} as messages
left join {{ ref("audiences") }} as audiences on audiences.audience = messages.audience
where coalesce(audiences.kind, '') <> 'segment'
