-- Asked of the consents themselves: a withdrawal on a point one customer owns closes the channel.
select identifiers.customer_id, consents.channel, consents.occurred_at
from {{ ref("fct_consents") }} as consents
inner join
    {{ ref("dim_customer_identifiers") }} as identifiers
    on identifiers.identifier_type = consents.contact_type
    and identifiers.identifier = consents.contact_point
inner join
    (select distinct channel from {{ ref("messages") }}) as used on used.channel = consents.channel
left join
    {{ ref("aud_no_consent") }} as closed
    on closed.customer_id = identifiers.customer_id
    and closed.scope_key = 'channel:' || consents.channel
where
    consents.status = 'withdrawn'
    and consents.purpose = 'marketing'
    and not identifiers.is_shared
    and identifiers.customer_id is not null
    and closed.customer_id is null
