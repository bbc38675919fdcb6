-- Service tickets, as last changed.
{{ config(unique_key="ticket_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("ticket_id") }} as delivery
        from {{ source("desk", "tickets") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    ticket_id,
    order_id,
    -- identifiers
    {{ clean_email("email") }} as email,
    {{ clean_phone("phone", "dial") }} as phone,
    -- facts
    subject,
    body,
    lower(trim(status)) as status,
    csat_score,
    csat_comment,
    -- times
    created_at,
    updated_at,
    solved_at,
    {{ is_future("created_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
left join {{ ref("dial_codes") }} as dial on dial.country = '{{ var("default_country") }}'
where delivery = 1
