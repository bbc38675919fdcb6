-- Whoever took back their consent to e-mail is on the do-not-promote list, under every
-- address we know.
select c.contact_point
from {{ ref("fct_consents") }} as c
join
    {{ ref("dim_customer_identifiers") }} as i
    on i.identifier_type = c.contact_type
    and i.identifier = c.contact_point
left join
    {{ ref("sync_members") }} as p
    on p.sync_id = 'klaviyo_do_not_promote'
    and {{ json_text("p.identity", "email") }} = c.contact_point
where
    c.contact_type = 'email'
    and c.channel = 'email'
    and c.purpose = 'marketing'
    and c.status = 'withdrawn'
    and p.member_key is null
