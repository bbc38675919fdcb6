-- What each contact point of a customer says about each channel and purpose it serves.
with
    purposes as (
        select 'marketing' as purpose
        union all
        select 'transactional' as purpose
    )
select
    points.customer_id,
    channels.channel,
    purposes.purpose,
    points.contact_type,
    points.contact_point,
    points.is_bounced,
    points.place,
    coalesce(consents.status, 'unknown') as status,
    consents.occurred_at
from {{ ref("int_customer_contact_points") }} as points
inner join {{ ref("channels") }} as channels on channels.contact_type = points.contact_type
cross join purposes
left join
    {{ ref("fct_consents") }} as consents
    on consents.contact_type = points.contact_type
    and consents.contact_point = points.contact_point
    and consents.channel = channels.channel
    and consents.purpose = purposes.purpose
