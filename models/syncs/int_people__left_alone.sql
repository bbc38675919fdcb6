-- Who must not be promoted to, per list of people to leave alone: the audiences are
-- named in syncs.csv.
with
    suppressed as (
        select audience, customer_id, scope_key, min(reason) as reason
        from {{ ref("fct_audience_members") }}
        where kind = 'suppression' and (expires_at is null or expires_at > {{ as_of() }})
        group by audience, customer_id, scope_key
    ),
    withdrawn as (
        -- someone who never agreed is on no list; only who took a consent back is put on one
        select distinct i.customer_id, c.channel
        from {{ ref("fct_consents") }} as c
        join
            {{ ref("dim_customer_identifiers") }} as i
            on i.identifier_type = c.contact_type
            and i.identifier = c.contact_point
        where c.purpose = 'marketing' and c.status = 'withdrawn'
    )
select distinct
    -- keys
    s.sync_id, p.customer_id, s.identifier_type
from {{ ref("syncs") }} as s
join suppressed as p on {{ is_listed("p.audience", "s.audience") }}
left join withdrawn as w on w.customer_id = p.customer_id and 'channel:' || w.channel = p.scope_key
where
    s.content = 'suppression'
    and (
        p.audience <> 'no_consent'
        or (
            w.customer_id is not null
            and w.channel
            = case when {{ is_ad_platform("s.destination") }} then 'paid_social' else 'email' end
        )
    )
