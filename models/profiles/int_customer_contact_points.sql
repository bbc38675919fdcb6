-- Every way to reach a customer, best first. A shared telephone or address
-- reaches several customers.
with
    own as (
        select
            identifiers.customer_id,
            identifiers.identifier_type,
            identifiers.identifier,
            false as is_shared
        from {{ ref("dim_customer_identifiers") }} as identifiers
        inner join
            {{ ref("identifier_types") }} as kinds
            on kinds.identifier_type = identifiers.identifier_type
        where identifiers.customer_id is not null and kinds.is_contact_point
    ),
    sides as (
        select
            left_type as own_type,
            left_identifier as own_identifier,
            right_type as identifier_type,
            right_identifier as identifier
        from {{ ref("fct_identity_links") }}
        where not is_accepted and right_type in ('email', 'phone')
        union all
        select
            right_type as own_type,
            right_identifier as own_identifier,
            left_type as identifier_type,
            left_identifier as identifier
        from {{ ref("fct_identity_links") }}
        where not is_accepted and left_type in ('email', 'phone')
    ),
    shared as (
        select distinct
            owners.customer_id, sides.identifier_type, sides.identifier, true as is_shared
        from sides
        inner join
            {{ ref("dim_customer_identifiers") }} as points
            on points.identifier_type = sides.identifier_type
            and points.identifier = sides.identifier
            and points.is_shared
            and points.refusal_reason not like 'blocked%'
        inner join
            {{ ref("dim_customer_identifiers") }} as owners
            on owners.identifier_type = sides.own_type
            and owners.identifier = sides.own_identifier
        where owners.customer_id is not null
    ),
    points as (
        select customer_id, identifier_type, identifier, is_shared
        from own
        union all
        select customer_id, identifier_type, identifier, is_shared
        from shared
    ),
    granted as (
        select distinct contact_type, contact_point
        from {{ ref("fct_consents") }}
        where status = 'granted' and purpose = 'marketing'
    )
select
    -- keys
    points.customer_id,
    points.identifier_type as contact_type,
    points.identifier as contact_point,
    -- facts
    points.is_shared,
    bounced.contact_point is not null as is_bounced,
    sources.last_source as source,
    cast(
        row_number() over (
            partition by points.customer_id, points.identifier_type
            order by
                case when bounced.contact_point is null then 0 else 1 end,
                case when granted.contact_point is null then 1 else 0 end,
                case when points.is_shared then 1 else 0 end,
                sources.source_count desc,
                sources.last_seen_at desc,
                points.identifier
        ) as bigint
    ) as place,
    -- times
    sources.last_seen_at
from points
inner join
    {{ ref("dim_customer_identifiers") }} as sources
    on sources.identifier_type = points.identifier_type
    and sources.identifier = points.identifier
left join
    {{ ref("int_contact_points_bounced") }} as bounced
    on bounced.contact_type = points.identifier_type
    and bounced.contact_point = points.identifier
left join
    granted
    on granted.contact_type = points.identifier_type
    and granted.contact_point = points.identifier
