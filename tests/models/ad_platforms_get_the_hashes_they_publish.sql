-- What we send to an ad platform for these people is what its own rules make of them.
with
    vectors as (
        select
            'email' as contact_type,
            ' John.Smith@Example.com ' as typed,
            '{"EMAIL":"8e621e3d0368631d263d07a351fa8d34fba0d17c15fbcdec11a5f58008d022a0"}' as sent
        union all
        select
            'phone' as contact_type,
            '+1 (555) 010-0199' as typed,
            '{"PHONE":"90be998a6e4b5bec4f18e14bc56a618ba6dd57100b89276067e3a77ff7140b4a"}' as sent
    ),
    cleaned as (
        select
            v.contact_type,
            v.sent,
            case
                when v.contact_type = 'email'
                then {{ clean_email("v.typed") }}
                else {{ clean_phone("v.typed", "d") }}
            end as contact_point
        from vectors as v
        cross join {{ ref("dial_codes") }} as d
        where d.country = 'US'
    )
select contact_type, {{ hashed_identity_of("contact_type", "contact_point") }} as made
from cleaned
where coalesce({{ hashed_identity_of("contact_type", "contact_point") }}, '') <> sent
union all
-- the hash of nothing is never sent
select 'email' as contact_type, {{ hashed_identity_of("'email'", "''") }} as made
where {{ hashed_identity_of("'email'", "''") }} like '%e3b0c442%'
