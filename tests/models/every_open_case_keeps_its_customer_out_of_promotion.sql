-- Asked of the tickets themselves: an open one with a known owner puts the owner in open_case.
select tickets.ticket_id, identifiers.customer_id
from {{ ref("stg_desk__tickets") }} as tickets
inner join
    {{ ref("dim_customer_identifiers") }} as identifiers
    on identifiers.identifier_type = 'email'
    and identifiers.identifier = tickets.email
left join
    {{ ref("fct_audience_members") }} as members
    on members.audience = 'open_case'
    and members.customer_id = identifiers.customer_id
where
    tickets.status in ('new', 'open', 'pending', 'hold')
    and not tickets.is_future
    and not identifiers.is_shared
    and identifiers.customer_id is not null
    and members.customer_id is null
