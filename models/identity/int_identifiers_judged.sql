-- May an identifier join people? Not if it is blocked, and not if too many trusted identifiers
-- share it.
with
    sides as (
        select left_key as identifier_key, right_key as partner_key, right_type as partner_type
        from {{ ref("int_links_observed") }}
        union all
        select right_key as identifier_key, left_key as partner_key, left_type as partner_type
        from {{ ref("int_links_observed") }}
    ),
    partners as (
        select
            sides.identifier_key,
            sides.partner_type,
            count(distinct sides.partner_key) as partner_count
        from sides
        inner join
            {{ ref("identifier_types") }} as kinds on kinds.identifier_type = sides.partner_type
        inner join
            {{ ref("int_identifiers_observed") }} as partner
            on partner.identifier_key = sides.partner_key
        where kinds.is_trusted and partner.blocked_reason is null
        group by sides.identifier_key, sides.partner_type
    ),
    strongest as (
        select identifier_key, max(partner_count) as strong_partner_count
        from partners
        group by identifier_key
    )
select
    -- keys
    identifiers.identifier_key,
    -- identifiers
    identifiers.identifier_type,
    identifiers.identifier,
    -- facts
    kinds.is_anchor,
    kinds.max_per_customer,
    cast(coalesce(strongest.strong_partner_count, 0) as bigint) as strong_partner_count,
    coalesce(strongest.strong_partner_count > kinds.max_strong_partners, false) as is_shared,
    -- the step at which it gives way when a customer breaks a limit; later when only one trusted
    -- identifier uses it
    case
        when kinds.gives_way_at is null
        then 99
        when coalesce(strongest.strong_partner_count, 0) > 1
        then kinds.gives_way_at
        else kinds.gives_way_at + 1
    end as gives_way_at,
    case
        when identifiers.blocked_reason is not null
        then 'blocked: ' || identifiers.blocked_reason
        when not kinds.may_join
        then 'this kind never joins'
        when coalesce(strongest.strong_partner_count, 0) > kinds.max_strong_partners
        then
            'shared: more than '
            || cast(kinds.max_strong_partners as string)
            || ' trusted identifiers use it'
    end as refusal_reason,
    identifiers.source_count,
    identifiers.record_count,
    -- times
    identifiers.first_seen_at,
    identifiers.last_seen_at,
    identifiers.loaded_at
from {{ ref("int_identifiers_observed") }} as identifiers
inner join
    {{ ref("identifier_types") }} as kinds on kinds.identifier_type = identifiers.identifier_type
left join strongest on strongest.identifier_key = identifiers.identifier_key
