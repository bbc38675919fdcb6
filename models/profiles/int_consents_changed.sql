-- Every event that gives or takes consent: the preference centre, the e-mail tool's
-- opt-outs, and what people write to us. Signing up for anything is not consent by
-- itself, so no other stream appears here.
with
    written as (
        select
            tickets.ticket_id, tickets.email, tickets.phone, min(tickets.created_at) as occurred_at
        from {{ ref("stg_desk__tickets") }} as tickets
        inner join
            {{ ref("text_signal_rules") }} as rules
            on {{
                matches_pattern(
                    "lower(coalesce(tickets.subject, '') || ' ' || coalesce(tickets.body, ''))",
                    "rules.pattern",
                )
            }}
        where rules.signal = 'opt_out_request'
        group by tickets.ticket_id, tickets.email, tickets.phone
    )
select
    contact_type,
    contact_point,
    channel,
    purpose,
    status,
    jurisdiction,
    'preferences.consents' as source,
    coalesce(proof, event_id) as proof,
    occurred_at
from {{ ref("stg_preferences__consents") }}
where contact_point is not null
union all
select
    case
        channel when 'email' then 'email' when 'sms' then 'phone' else 'device_token'
    end as contact_type,
    case
        channel when 'email' then email when 'sms' then phone else device_token
    end as contact_point,
    channel,
    'marketing' as purpose,
    'withdrawn' as status,
    cast(null as string) as jurisdiction,
    'klaviyo.events' as source,
    contact_type || ' ' || event_id as proof,
    occurred_at
from {{ ref("stg_klaviyo__events") }}
where
    contact_type in ('unsubscribed', 'complained')
    and case channel when 'email' then email when 'sms' then phone else device_token end is not null
union all
select
    channels.contact_type,
    case
        channels.contact_type when 'email' then written.email else written.phone
    end as contact_point,
    channels.channel,
    'marketing' as purpose,
    'withdrawn' as status,
    cast(null as string) as jurisdiction,
    'desk.tickets' as source,
    'asked in ticket ' || written.ticket_id as proof,
    written.occurred_at
from written
inner join {{ ref("channels") }} as channels on channels.contact_type in ('email', 'phone')
where case channels.contact_type when 'email' then written.email else written.phone end is not null
