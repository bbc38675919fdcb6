-- A rule for an audience nobody defined would silently suppress no one.
select suppressions.rule_id, suppressions.audience
from {{ ref("suppressions") }} as suppressions
left join {{ ref("audiences") }} as audiences on audiences.audience = suppressions.audience
where coalesce(audiences.kind, '') <> 'suppression'
