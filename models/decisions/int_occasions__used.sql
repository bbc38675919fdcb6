-- Occasions on which a message was already decided, or would have been had the customer
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
    )
select customer_id, message_id, instance
from sent
union
select customer_id, message_id, instance
from withheld
