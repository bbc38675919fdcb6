-- 64 hex digits and nothing else leaves for an ad platform.
select p.sync_id, p.member_key
from {{ ref("sync_members") }} as p
join {{ ref("syncs") }} as s on s.sync_id = p.sync_id and s.destination = 'meta'
where
    p.identity like '%@%'
    or p.identity like '%+%'
    or length(
        coalesce({{ json_text("p.identity", "EMAIL") }}, {{ json_text("p.identity", "PHONE") }})
    )
    <> 64
