-- Whoever is on a permissive list, or on their way to a tool, said yes at that very
-- address and channel.
with
    spoken_to as (
        select p.sync_id, p.member_key, d.contact_type, d.contact_point, d.channel, m.purpose
        from {{ ref("sync_members") }} as p
        join {{ ref("fct_decisions") }} as d on d.decision_id = p.decision_id
        join {{ ref("messages") }} as m on m.message_id = d.message_id
        where p.polarity = 'permissive'
        union all
        select
            p.sync_id,
            p.member_key,
            'email' as contact_type,
            {{ json_text("p.identity", "email") }} as contact_point,
            'email' as channel,
            'marketing' as purpose
        from {{ ref("sync_members") }} as p
        join {{ ref("syncs") }} as s on s.sync_id = p.sync_id and s.content = 'audience'
    )
select p.sync_id, p.member_key, c.status
from spoken_to as p
left join
    {{ ref("fct_consents") }} as c
    on c.contact_type = p.contact_type
    and c.contact_point = p.contact_point
    and c.channel = p.channel
    and c.purpose = p.purpose
where
    (p.purpose = 'marketing' and coalesce(c.status, 'nothing') <> 'granted')
    or (p.purpose = 'transactional' and c.status = 'withdrawn')
