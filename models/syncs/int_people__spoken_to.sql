-- Who may be on a list of people to speak to: agreed on the channel, reachable, and nothing
-- listed against them.
with
    against as (
        select distinct m.customer_id
        from {{ ref("fct_audience_members") }} as m
        left join {{ ref("suppressions") }} as s on s.audience = m.audience
        where
            m.kind = 'suppression'
            and (m.audience = 'holdout' or coalesce(s.is_listed, false))
            and (m.expires_at is null or m.expires_at > {{ as_of() }})
    )
select
    -- keys
    c.customer_id,
    c.channel,
    -- identifiers
    c.contact_type,
    c.contact_point
from {{ ref("dim_customer_consents") }} as c
left join against as a on a.customer_id = c.customer_id
where
    a.customer_id is null
    and c.purpose = 'marketing'
    and c.is_granted
    and not coalesce(c.is_bounced, false)
    and c.contact_point is not null
