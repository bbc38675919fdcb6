-- Messages that may be proposed now, each with the suppression rules that bind it.
with
    messages as (
        select m.*, c.contact_type, c.channel_number, p.programme, p.step_number
        from {{ ref("messages") }} as m
        join {{ ref("channels") }} as c on c.channel = m.channel
        left join {{ ref("programme_steps") }} as p on p.message_id = m.message_id
        where {{ is_valid_now("m") }}
    ),
    binding_rules as (
        select m.message_id, cast(round(power(2, s.rule_number)) as bigint) as rule_bit
        from messages as m
        join
            {{ ref("suppressions") }} as s
            on {{ is_valid_now("s") }}
            and coalesce(s.exempt_purpose, '') <> m.purpose
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
    treated as (
        -- experiments are drawn one by one: whoever is in none of their holdouts is treated
        select
            m.message_id,
            {% for scope in ["all", "channel", "message"] %}
                (
                    1000
                    - coalesce(sum(case when e.scope_type = '{{ scope }}' then e.per_mille end), 0)
                )
                / 1000.0e0 {{- " * " if not loop.last }}
            {% endfor %} as treated_share
        from messages as m
        join
            {{ ref("experiments") }} as e
            on e.arm in ('held_out', 'replaced')
            and {{ is_valid_now("e") }}
            and (
                e.scope_type = 'all'
                or (e.scope_type = 'channel' and e.scope_key = m.channel)
                or (e.scope_type = 'message' and e.scope_key = m.message_id)
            )
        where m.holdout
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
    m.programme,
    m.step_number,
    m.promotes,
    m.occasion,
    coalesce(m.exclusion_group, '') as exclusion_group,
    m.channel_number,
    cast(round(power(2, m.channel_number)) as bigint) as channel_bit,
    m.contact_type,
    m.tier,
    cast(round(1000000 * m.base_rate) as bigint) as base_rate_micro,
    cast(round(1000 * m.value_amount) as bigint) as value_milli,
    m.exempt_caps,
    m.count_to_caps,
    m.ttl_hours,
    m.weekdays,
    m.holdout,
    coalesce(t.treated_share, 1) as treated_share,
    m.lever,
    cast(round(1000 * m.unit_cost) as bigint) as cost_milli,
    -- rules that bind it, as bits
    coalesce(r.rule_mask, 0) as rule_mask
from messages as m
left join rule_masks as r on r.message_id = m.message_id
left join treated as t on t.message_id = m.message_id
