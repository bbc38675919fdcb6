-- Who unsubscribed or complained in the tool, and granted nothing since, is not granted
-- on that channel.
with
    objections as (
        select
            channel,
            case
                channel when 'email' then 'email' when 'sms' then 'phone' else 'device_token'
            end as contact_type,
            case
                channel when 'email' then email when 'sms' then phone else device_token
            end as contact_point,
            max(occurred_at) as objected_at
        from {{ ref("stg_klaviyo__events") }}
        where contact_type in ('unsubscribed', 'complained')
        group by 1, 2, 3
    ),
    grants as (
        select contact_type, contact_point, channel, max(occurred_at) as granted_at
        from {{ ref("stg_preferences__consents") }}
        where purpose = 'marketing' and status = 'granted'
        group by contact_type, contact_point, channel
    )
select standing.customer_id, standing.channel
from {{ ref("dim_customer_consents") }} as standing
inner join
    objections
    on objections.channel = standing.channel
    and objections.contact_type = standing.contact_type
    and objections.contact_point = standing.contact_point
left join
    grants
    on grants.contact_type = objections.contact_type
    and grants.contact_point = objections.contact_point
    and grants.channel = objections.channel
where
    standing.purpose = 'marketing'
    and standing.is_granted
    and (grants.granted_at is null or grants.granted_at <= objections.objected_at)
