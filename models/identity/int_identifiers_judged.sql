-- May an identifier join people? Not if it is blocked, nor if it is shared: too many trusted
-- identifiers use it, several that go by different given names, or more than one person could use.
{{ config(materialized="carried", unique_key=["identifier_key"]) }}
{% set before = identity_before() %}
{% set says = identifier_verdict() %}
with
    weighed as (
        select
            identifiers.identifier_key,
            identifiers.identifier_type,
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
                when
                    partners.strong_partner_count > 1
                    and partners.nameless_partner_count > kinds.max_nameless
                then 'shared: several trusted identifiers use it, and not all are known by name'
                when crowds.weak_partner_count > kinds.max_weak_partners
                then 'shared: more payment cards or browsers go with it than one person has'
                when identifiers.is_burst
                then 'shared: shown more often in a day than one person could'
            end as refusal_reason,
            identifiers.blocked_reason,
            identifiers.is_burst,
            {% if before %}
                {% for column in says + ["ruled_batch"] %}
                    identifiers.held_{{ column }},
                {% endfor %}
            {% endif %}
            identifiers.loaded_at
        from {{ identifiers_to_judge(before) }} as identifiers
        inner join
            {{ ref("identifier_types") }} as kinds
            on kinds.identifier_type = identifiers.identifier_type
        inner join
            {{ ref("int_identifier_partners") }} as partners
            on partners.identifier_key = identifiers.identifier_key
        left join
            {{ ref("int_identifier_crowds") }} as crowds
            on crowds.identifier_key = identifiers.identifier_key
    )
select
    -- keys
    weighed.identifier_key,
    -- identifiers
    weighed.identifier_type,
    -- facts
    weighed.is_anchor,
    weighed.max_per_customer,
    weighed.strong_partner_count,
    weighed.name_count,
    coalesce(weighed.refusal_reason like 'shared%', false) as is_shared,
    weighed.gives_way_at,
    weighed.refusal_reason,
    weighed.blocked_reason,
    weighed.is_burst,
    -- times
    weighed.loaded_at,
    {{ identity_batch(before) }} as batch,
    {{
        ruled_in_batch(
            ["refusal_reason", "gives_way_at", "loaded_at"], "weighed", before, "weighed.held_"
        )
    }} as ruled_batch
from weighed
{% if before %}
    -- of whoever is shown again most is judged as before, and need not be written again
    where
        weighed.held_ruled_batch is null
        {% for column in says %}
            or weighed.held_{{ column }} is distinct from weighed.{{ column }}
        {% endfor %}
{% endif %}
