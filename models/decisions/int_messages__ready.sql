-- Messages that may be proposed now, each with the suppression rules that bind it and its limits
-- before any contact.
with
    messages as (
        select m.*, c.contact_type, c.channel_number
        from {{ ref("messages") }} as m
        join {{ ref("channels") }} as c on c.channel = m.channel
        where {{ is_valid_now("m") }}
    ),
    binding_rules as (
        select m.message_id, cast(round(power(2, s.rule_number)) as bigint) as rule_bit
        from messages as m
        join
            {{ ref("suppressions") }} as s
            on coalesce(s.exempt_purpose, '') <> m.purpose
            and (
                s.scope_type in ('all', 'match')
                or (s.scope_type = 'category' and {{ is_listed("m.category", "s.scope_key") }})
                or (s.scope_type = 'channel' and {{ is_listed("m.channel", "s.scope_key") }})
            )
    ),
    rule_masks as (
        select message_id, cast(sum(rule_bit) as bigint) as rule_mask
        from binding_rules
        group by message_id
    ),
    limits as (
        select
            m.message_id,
            {% for scope in ["global", "channel", "category", "campaign", "group", "message"] %}
                min(
                    case when p.scope_type = '{{ scope }}' then p.max_n * 1000 + p.policy_id end
                ) as {{ scope }}_limit
                {{- "," if not loop.last }}
            {% endfor %}
        from messages as m
        join
            {{ ref("int_caps__ready") }} as p
            on p.scope_type = 'global'
            or (p.scope_type = 'channel' and p.scope_key in ('*', m.channel))
            or (p.scope_type = 'category' and p.scope_key in ('*', m.category))
            or (p.scope_type = 'campaign' and p.scope_key in ('*', m.campaign))
            or (
                p.scope_type = 'group'
                and m.exclusion_group <> ''
                and p.scope_key in ('*', m.exclusion_group)
            )
            or (p.scope_type = 'message' and p.scope_key in ('*', m.message_id))
        group by m.message_id
    )
select
    -- keys
    m.message_id,
    m.message_number,
    -- facts
    m.campaign,
    m.channel,
    m.category,
    m.purpose,
    m.audience,
    m.promotes,
    m.occasion,
    coalesce(m.exclusion_group, '') as exclusion_group,
    m.channel_number,
    m.contact_type,
    m.tier,
    cast(round(1000000 * m.base_rate * m.value_amount) as bigint) as base_score,
    m.exempt_caps,
    m.count_to_caps,
    m.ttl_hours,
    m.weekdays,
    m.holdout,
    -- rules and limits: room * 1000 + policy; 15999 = no policy
    coalesce(r.rule_mask, 0) as rule_mask,
    {% for scope in ["global", "channel", "category", "campaign", "group", "message"] %}
        coalesce(l.{{ scope }}_limit, 15999) as {{ scope }}_limit{{ "," if not loop.last }}
    {% endfor %}
from messages as m
left join rule_masks as r on r.message_id = m.message_id
left join limits as l on l.message_id = m.message_id
