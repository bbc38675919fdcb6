-- Has not agreed to marketing on a channel, or has taken it back; nothing on record means no.
with
    channels as (select distinct channel from {{ ref("messages") }}),
    -- A handful of channels: this widens customers, it does not multiply them.
    every_channel as (
        select customers.customer_id, customers.first_seen_at, channels.channel
        from {{ ref("dim_customers") }} as customers
        cross join channels
    ),
    consents as (
        select customer_id, channel, is_granted, occurred_at
        from {{ ref("dim_customer_consents") }}
        where purpose = 'marketing'
    )
select
    every_channel.customer_id,
    case
        when consents.occurred_at is null
        then 'never agreed to marketing by ' || every_channel.channel
        else
            'no agreement to marketing by '
            || every_channel.channel
            || ' since '
            || cast(cast(consents.occurred_at as date) as string)
    end as reason,
    'channel:' || every_channel.channel as scope_key,
    cast(null as string) as product_id,
    cast(null as string) as product_category,
    coalesce(consents.occurred_at, every_channel.first_seen_at) as entered_at,
    cast(null as timestamp) as expires_at
from every_channel
left join
    consents
    on consents.customer_id = every_channel.customer_id
    and consents.channel = every_channel.channel
where not coalesce(consents.is_granted, false)
