-- One person, one side: whoever a listed suppression or the holdout covers is on no list of
-- people to speak to.
select p.sync_id, p.member_key, a.audience
from {{ ref("sync_members") }} as p
join {{ ref("syncs") }} as l on l.sync_id = p.sync_id and l.content = 'audience'
join
    {{ ref("fct_audience_members") }} as a
    on a.customer_id = p.customer_id
    and a.kind = 'suppression'
left join {{ ref("suppressions") }} as s on s.audience = a.audience
where
    (a.audience = 'holdout' or s.is_listed)
    and coalesce(a.expires_at, timestamp '9999-01-01 00:00:00') > {{ as_of() }}
union all
select p.sync_id, p.member_key, s.rule_id as audience
from {{ ref("sync_members") }} as p
join {{ ref("fct_decisions") }} as d on d.decision_id = p.decision_id
join {{ ref("messages") }} as m on m.message_id = d.message_id
join
    {{ ref("fct_audience_members") }} as a
    on a.customer_id = p.customer_id
    and a.kind = 'suppression'
join {{ ref("suppressions") }} as s on s.audience = a.audience
where
    coalesce(a.expires_at, timestamp '9999-01-01 00:00:00') > {{ as_of() }}
    and coalesce(s.exempt_purpose, '') <> m.purpose
    and (
        (
            s.scope_type = 'category'
            and concat('|', s.scope_key, '|') like concat('%|', m.category, '|%')
        )
        or (
            s.scope_type = 'match'
            and a.scope_key in (
                concat('product:', coalesce(d.product_id, '')),
                concat('category:', coalesce(d.product_category, ''))
            )
        )
    )
