-- May an identifier join people? Not if it is blocked, nor if it is shared: too many trusted
-- identifiers use it,
-- or several that go by different given names.
with
    weighed as (
        select
            identifiers.identifier_key,
            identifiers.identifier_type,
            identifiers.identifier,
            kinds.is_anchor,
            kinds.max_per_customer,
            partners.strong_partner_count,
            partners.name_count,
            -- the step at which it gives way when a customer breaks a limit: later if one trusted
            -- identifier uses it
            case
                when partners.strong_partner_count > 1
                then kinds.gives_way_at
                else kinds.gives_way_at + 1
            end as gives_way_at,
            case
                when identifiers.blocked_reason is not null
                then 'blocked: ' || identifiers.blocked_reason
                when not kinds.may_join
                then 'this kind never joins'
                when partners.strong_partner_weight > kinds.max_strong_partners
                then 'shared: too many trusted identifiers use it'
                when partners.strong_partner_count > 1 and partners.name_count > kinds.max_names
                then 'shared: several trusted identifiers with different given names use it'
            end as refusal_reason,
            identifiers.source_count,
            identifiers.last_source,
            identifiers.record_count,
            identifiers.first_seen_at,
            identifiers.last_seen_at,
            identifiers.loaded_at
        from {{ ref("int_identifiers_observed") }} as identifiers
        inner join
            {{ ref("identifier_types") }} as kinds
            on kinds.identifier_type = identifiers.identifier_type
        inner join
            {{ ref("int_identifier_partners") }} as partners
            on partners.identifier_key = identifiers.identifier_key
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
    strong_partner_count,
    name_count,
    coalesce(refusal_reason like 'shared%', false) as is_shared,
    gives_way_at,
    refusal_reason,
    source_count,
    last_source,
    record_count,
    -- times
    first_seen_at,
    last_seen_at,
    loaded_at
from weighed
