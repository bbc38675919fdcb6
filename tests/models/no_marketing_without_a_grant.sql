-- A missing, unknown or withdrawn consent means no.
select standing.customer_id, standing.channel
from {{ ref("dim_customer_consents") }} as standing
left join
    {{ ref("fct_consents") }} as consents
    on consents.contact_type = standing.contact_type
    and consents.contact_point = standing.contact_point
    and consents.channel = standing.channel
    and consents.purpose = standing.purpose
where
    standing.purpose = 'marketing'
    and standing.is_granted
    and coalesce(consents.status, 'unknown') <> 'granted'
