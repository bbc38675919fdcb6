-- Occasions on which a message of this run was already decided, or would have been had the customer
-- not been held out.
with
    sent as (
        select coalesce(i.customer_id, d.customer_id) as customer_id, d.message_id, d.instance
        from {{ ref("stg_downbeat__decisions") }} as d
        left join
            {{ ref("dim_customer_identifiers") }} as i
            on i.identifier_type = d.contact_type
            and i.identifier = d.contact_point
            and not i.is_shared
        where
            d.decided_at <= {{ as_of() }}
            and {{ is_considered("coalesce(i.customer_id, d.customer_id)") }}
    ),
    withheld as (
        select customer_id, message_id, instance
        from {{ ref("stg_downbeat__ledger") }}
        where
            outcome = 'withhold'
            and decided_at <= {{ as_of() }}
            and {{ is_considered("customer_id") }}
    ),
    used as (
        select *
        from sent
        union all
        select *
        from withheld
    )
-- keys
select distinct c.customer_number, m.message_number, u.instance
from used as u
join {{ ref("int_customer_clocks") }} as c on c.customer_id = u.customer_id
join {{ ref("int_messages__ready") }} as m on m.message_id = u.message_id
