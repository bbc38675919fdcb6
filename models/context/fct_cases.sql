-- Service tickets by customer: which are open, and which went badly.
select
    -- keys
    tickets.ticket_id,
    coalesce(by_email.customer_id, by_phone.customer_id) as customer_id,
    -- facts
    tickets.status,
    coalesce(tickets.status, '') not in ('solved', 'closed') as is_open,
    tickets.csat_score,
    coalesce(tickets.csat_score <= {{ var("bad_csat_at_most") }}, false) as is_bad,
    -- times
    tickets.created_at as opened_at,
    case
        when tickets.status in ('solved', 'closed')
        then coalesce(tickets.solved_at, tickets.updated_at)
    end as closed_at,
    tickets.updated_at
from {{ ref("stg_desk__tickets") }} as tickets
left join
    {{ ref("int_identifiers__owned") }} as by_email
    on by_email.identifier_type = 'email'
    and by_email.identifier = tickets.email
left join
    {{ ref("int_identifiers__owned") }} as by_phone
    on by_phone.identifier_type = 'phone'
    and by_phone.identifier = tickets.phone
where not tickets.is_future
