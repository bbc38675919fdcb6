-- Which identifiers came with a service ticket.
with
    sightings as (
        select
            ticket_id as record_id,
            {{ clean_email("email") }} as email,
            {{ clean_phone("phone", "dial") }} as phone,
            least(created_at, _loaded_at) as observed_at,
            _loaded_at as loaded_at
        from {{ source("desk", "tickets") }} as deliveries
        left join {{ ref("dial_codes") }} as dial on dial.country = '{{ var("default_country") }}'
        where {{ newly_loaded() }} and coalesce(email, phone) is not null
    )
select
    -- keys
    'desk.tickets' as source,
    record_id,
    -- identifiers
    cast(null as string) as account,
    cast(null as string) as loyalty_card,
    email,
    phone,
    cast(null as string) as device_token,
    cast(null as string) as profile,
    cast(null as string) as cookie,
    cast(null as string) as payment_hash,
    cast(null as string) as name_postcode,
    -- times
    min(observed_at) as first_seen_at,
    max(observed_at) as last_seen_at,
    loaded_at
from sightings
group by record_id, email, phone, loaded_at
