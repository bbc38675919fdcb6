-- Lists of people to leave alone, under every address we know of them, shared or not: careful is
-- the wide side here.
with
    addresses as (
        select
            p.sync_id,
            s.destination,
            i.identifier_type,
            i.identifier,
            min(p.customer_id) as customer_id
        from {{ ref("int_people__left_alone") }} as p
        join {{ ref("syncs") }} as s on s.sync_id = p.sync_id
        join
            {{ ref("dim_customer_identifiers") }} as i
            on i.customer_id = p.customer_id
            and {{ is_listed("i.identifier_type", "p.identifier_type") }}
        group by p.sync_id, s.destination, i.identifier_type, i.identifier
    ),
    members as (
        select
            sync_id,
            customer_id,
            case
                when destination = 'meta'
                then {{ hashed_identity_of("identifier_type", "identifier") }}
                else {{ identity_of("identifier_type", "identifier") }}
            end as identity
        from addresses
    )
select
    -- keys
    sync_id,
    {{ member_key_of("identity") }} as member_key,
    -- identifiers
    identity,
    customer_id,
    cast(null as string) as decision_id,
    -- facts
    '{}' as payload
from members
