-- The steps of the programmes in force, with the message each sends and how many there are.
select
    -- keys
    s.message_id,
    p.programme,
    s.step_number,
    -- facts
    count(*) over (partition by p.programme) as step_count,
    s.wait_hours * 3600 as wait_seconds,
    s.ttl_hours * 3600 as ttl_seconds,
    s.condition,
    m.channel,
    m.purpose,
    c.contact_type
from {{ ref("programme_steps") }} as s
join {{ ref("programmes") }} as p on p.programme = s.programme and {{ is_valid_now("p") }}
join {{ ref("messages") }} as m on m.message_id = s.message_id
join {{ ref("channels") }} as c on c.channel = m.channel
