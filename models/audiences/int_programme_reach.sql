-- Which channel can be used for whom: there is an address, it works, and nobody objected.
{{ config(materialized="table") }}
select
    -- keys
    c.customer_id,
    ch.channel,
    p.purpose,
    -- facts
    coalesce(s.contact_point, {{ contact_point_of("ch.contact_type", "c") }}) is not null
    and not coalesce(s.is_bounced, false)
    and coalesce(s.is_granted, p.purpose = 'transactional') as is_reachable
from {{ ref("dim_customers") }} as c
join
    (select distinct customer_id from {{ ref("int_programme_lives") }}) as l
    on l.customer_id = c.customer_id
cross join {{ ref("channels") }} as ch
cross join
    (
        select 'marketing' as purpose
        union all
        select 'transactional'
    ) as p
left join
    {{ ref("dim_customer_consents") }} as s
    on s.customer_id = c.customer_id
    and s.channel = ch.channel
    and s.purpose = p.purpose
