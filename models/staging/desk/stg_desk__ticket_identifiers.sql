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
    {{ identifiers_sighted("desk.tickets", ["email", "phone"]) }}
