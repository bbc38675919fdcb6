-- What caps leave of each scope to somebody without any contact, per message and combination of
-- segments, as limit * 1000 + policy; and the band of tiers whose rooms the message looks at.
with
    -- which product it will be is not known yet: the caps for each of them apply
    messages as (
        select *, '*' as product_id, '*' as product_category from {{ ref("int_messages__ready") }}
    )
select
    -- keys
    masks.segment_mask,
    m.message_number,
    -- facts
    {% for scope in cap_scopes() %}
        coalesce(
            min(case when p.scope_type = '{{ scope }}' then p.most * 1000 + p.policy_id end), 999999
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
