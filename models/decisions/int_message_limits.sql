-- What caps leave of each scope to somebody without any contact, per message and combination of
-- segments, as packed room; the policy where that is nothing; the band of tiers whose rooms the
-- message looks at, and the number of its scope value.
with
    -- which product it will be is not known yet: the caps for each of them apply
    messages as (
        select *, '*' as product_id, '*' as product_category from {{ ref("int_messages__ready") }}
    ),
    limits as (
        select
            masks.segment_mask,
            m.message_number,
            {% for scope in cap_scopes() %}
                coalesce(
                    min(
                        case when p.scope_type = '{{ scope }}' then p.most * 1000 + p.policy_id end
                    ),
                    999999
                ) as {{ scope }}_limit,
                coalesce(
                    max(case when p.scope_type = '{{ scope }}' then p.from_tier end), 0
                ) as {{ scope }}_band{{ "," if not loop.last }}
            {% endfor %}
        from messages as m
        cross join {{ ref("int_segment_masks") }} as masks
        left join
            {{ ref("int_caps__in_force") }} as p
            on p.segment_mask = masks.segment_mask
            and p.from_tier <= m.tier
            and {{ is_in_scope("p", "m") }}
        group by masks.segment_mask, m.message_number
    )
select
    -- keys
    l.segment_mask,
    l.message_number,
    -- facts
    {% for scope in cap_scopes() %}
        {{ packed_room(whole_division("l." ~ scope ~ "_limit", 1000), room_unit(scope)) }}
        as {{ scope }}_rooms,
        {{ shortage_of("l." ~ scope ~ "_limit * 1000") }} as {{ scope }}_shortage,
        l.{{ scope }}_band,
        {{ scope }}_values.value_number as {{ scope }}_value{{ "," if not loop.last }}
    {% endfor %}
from limits as l
join messages as m on m.message_number = l.message_number
{% for scope, column in cap_scopes().items() %}
    left join
        {{ ref("int_scope_values") }} as {{ scope }}_values
        on {{ scope }}_values.scope_type = '{{ scope }}'
        and {{ scope }}_values.scope_key = {{ "'*'" if scope == "global" else "m." ~ column }}
{% endfor %}
