-- One row per customer: the best way to reach them, who they are, where they live and
-- what they bought.
with
    people as (
        select
            customer_id,
            cast(
                sum({{ identifier_key("identifier_type", "identifier") }} % 1000003) as bigint
            ) as identity_version,
            min(first_seen_at) as first_seen_at,
            max(last_seen_at) as last_seen_at
        from {{ ref("dim_customer_identifiers") }}
        where customer_id is not null
        group by customer_id
    ),
    points as (
        select
            customer_id,
            max(case when contact_type = 'email' then contact_point end) as email,
            max(case when contact_type = 'email' then source end) as email_source,
            max(case when contact_type = 'phone' then contact_point end) as phone,
            max(case when contact_type = 'phone' then source end) as phone_source,
            max(case when contact_type = 'device_token' then contact_point end) as device_token,
            max(case when contact_type = 'loyalty_card' then contact_point end) as loyalty_card,
            max(case when contact_type = 'cookie' then contact_point end) as cookie_id
        from {{ ref("int_customer_contact_points") }}
        where place = 1
        group by customer_id
    )
select
    -- keys
    people.customer_id,
    -- identifiers
    points.email,
    points.email_source,
    points.phone,
    points.phone_source,
    points.device_token,
    points.loyalty_card,
    points.cookie_id,
    -- facts
    details.first_name,
    details.last_name,
    details.locale,
    details.country,
    details.postcode,
    zones.time_zone,
    coalesce(zones.is_time_zone_known, false) as is_time_zone_known,
    purchasing.favourite_store_id,
    'h' || cast(households.component as string) as household_id,
    case
        when purchasing.first_ordered_at is null
        then 'prospect'
        when
            {{ days_between("purchasing.last_ordered_at", as_of()) }}
            >= {{ var("lapsed_after_days") }}
        then 'lapsed'
        when
            {{ days_between("purchasing.first_ordered_at", as_of()) }}
            < {{ var("new_customer_days") }}
        then 'new'
        else 'active'
    end as lifecycle_stage,
    coalesce(purchasing.order_count, 0) as order_count,
    cast(coalesce(purchasing.net_amount, 0) as decimal(18, 2)) as net_amount,
    -- times
    purchasing.first_ordered_at,
    purchasing.last_ordered_at,
    people.first_seen_at,
    people.last_seen_at,
    people.identity_version
from people
inner join
    {{ ref("int_household_islands") }} as households
    on households.node = cast(substr(people.customer_id, 2) as bigint)
left join points on points.customer_id = people.customer_id
left join {{ ref("int_customer_details") }} as details on details.customer_id = people.customer_id
left join {{ ref("int_customer_time_zones") }} as zones on zones.customer_id = people.customer_id
left join
    {{ ref("int_customer_purchasing") }} as purchasing
    on purchasing.customer_id = people.customer_id
