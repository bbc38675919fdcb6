-- Lists of people to speak to by audience, for campaigns that run in the tool itself:
-- named in syncs.csv.
with
    members as (
        select
            s.sync_id,
            {{ identity_of("p.contact_type", "p.contact_point") }} as identity,
            min(m.customer_id) as customer_id
        from {{ ref("syncs") }} as s
        join
            {{ ref("fct_audience_members") }} as m
            on m.kind = 'segment'
            and {{ is_listed("m.audience", "s.audience") }}
        join
            {{ ref("int_people__spoken_to") }} as p
            on p.customer_id = m.customer_id
            and p.contact_type = s.identifier_type
            and p.channel = 'email'
        where s.content = 'audience' and (m.expires_at is null or m.expires_at > {{ as_of() }})
        group by 1, 2
    )
select
    -- keys
    sync_id,
    {{ member_key_of("identity") }} as member_key,
    -- identifiers
    identity,
    customer_id,
    cast(null as string) as decision_id,
    -- facts
    '{}' as payload
from members
