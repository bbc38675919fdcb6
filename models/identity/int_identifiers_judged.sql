-- May an identifier join people? Not if it is blocked, nor if it is shared: too many trusted
-- identifiers use it, or several that go by different given names.
with
    sides as (
        select left_key as identifier_key, right_key as partner_key, right_type as partner_type
        from {{ ref("int_links_observed") }}
        union all
        select right_key as identifier_key, left_key as partner_key, left_type as partner_type
        from {{ ref("int_links_observed") }}
    ),
    trusted_sides as (
        select sides.identifier_key, sides.partner_key, sides.partner_type, kinds.partner_weight
        from sides
        inner join
            {{ ref("identifier_types") }} as kinds on kinds.identifier_type = sides.partner_type
        inner join
            {{ ref("int_identifiers_observed") }} as partner
            on partner.identifier_key = sides.partner_key
        where kinds.is_trusted and partner.blocked_reason is null
    ),
    partners as (
        select
            identifier_key,
            max(partner_count) as strong_partner_count,
            max(partner_weight) as strong_partner_weight
        from
            (
                select
                    identifier_key,
                    partner_type,
                    count(*) as partner_count,
                    sum(partner_weight) as partner_weight
                from trusted_sides
                group by identifier_key, partner_type
            ) as counted
        group by identifier_key
    ),
    names as (
        select identifier_key, count(distinct given_name) as name_count
        from
            (
                select identifier_key, given_name
                from {{ ref("int_identifier_names") }}
                union all
                select trusted_sides.identifier_key, names.given_name
                from trusted_sides
                inner join
                    {{ ref("int_identifier_names") }} as names
                    on names.identifier_key = trusted_sides.partner_key
            ) as heard
        group by identifier_key
    ),
    weighed as (
        select
            identifiers.*,
            kinds.may_join,
            kinds.is_anchor,
            kinds.max_per_customer,
            kinds.max_strong_partners,
            kinds.max_names,
            kinds.gives_way_at,
            coalesce(partners.strong_partner_count, 0) as strong_partner_count,
            coalesce(partners.strong_partner_weight, 0) as strong_partner_weight,
            coalesce(names.name_count, 0) as name_count
        from {{ ref("int_identifiers_observed") }} as identifiers
        inner join
            {{ ref("identifier_types") }} as kinds
            on kinds.identifier_type = identifiers.identifier_type
        left join partners on partners.identifier_key = identifiers.identifier_key
        left join names on names.identifier_key = identifiers.identifier_key
    ),
    verdicts as (
        select
            *,
            case
                when blocked_reason is not null
                then 'blocked: ' || blocked_reason
                when not may_join
                then 'this kind never joins'
                when strong_partner_weight > max_strong_partners
                then 'shared: too many trusted identifiers use it'
                when strong_partner_count > 1 and name_count > max_names
                then 'shared: several trusted identifiers with different given names use it'
            end as refusal_reason
        from weighed
    )
select
    -- keys
    identifier_key,
    -- identifiers
    identifier_type,
    identifier,
    -- facts
    is_anchor,
    max_per_customer,
    cast(strong_partner_count as bigint) as strong_partner_count,
    cast(name_count as bigint) as name_count,
    coalesce(refusal_reason like 'shared%', false) as is_shared,
    -- the step at which it gives way when a customer breaks a limit; later when only one trusted
    -- identifier uses it
    case when strong_partner_count > 1 then gives_way_at else gives_way_at + 1 end as gives_way_at,
    refusal_reason,
    source_count,
    record_count,
    -- times
    first_seen_at,
    last_seen_at,
    loaded_at
from verdicts
