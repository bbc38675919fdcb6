-- Candidates that passed the gates, with the room each cap leaves them and the key by which the
-- best is found.
{% set scopes = {
    "global": "'*'",
    "channel": "m.channel",
    "category": "m.category",
    "campaign": "m.campaign",
    "group": "m.exclusion_group",
    "message": "m.message_id",
} %}
with
    limited as (
        select
            c.customer_id,
            c.message_number,
            m.exempt_caps,
            m.count_to_caps,
            {% for scope in scopes %}
                case
                    when left_{{ scope }}.room < m.{{ scope }}_limit
                    then left_{{ scope }}.room
                    else m.{{ scope }}_limit
                end as {{ scope }}_room,
            {% endfor %}
            -- tier, then score, then a fair coin between messages and customers, then the
            -- message: the smallest wins
            (
                (m.tier * 4294967296 + 4294967295 - c.score) * 256
                + (c.tie_bucket * 79 + c.message_number * 47) % 256
            )
            * 1024
            + c.message_number as choice_key
        from {{ ref("int_candidates__gated") }} as c
        join {{ ref("int_messages__ready") }} as m on m.message_number = c.message_number
        {% for scope, key in scopes.items() %}
            left join
                {{ ref("int_rooms") }} as left_{{ scope }}
                on left_{{ scope }}.customer_id = c.customer_id
                and left_{{ scope }}.scope_type = '{{ scope }}'
                and left_{{ scope }}.scope_key = {{ key }}
        {% endfor %}
        where c.is_passed
    )
select
    -- keys
    customer_id,
    message_number,
    choice_key,
    -- facts
    exempt_caps,
    count_to_caps,
    {% for scope in scopes %}
        {{ whole_division(scope ~ "_room", 1000) }} as {{ scope }}_room,
    {% endfor %}
    {% for scope in scopes %}
        case
            when {{ scope }}_room < 1000 and not exempt_caps then {{ 4 * 2**loop.index0 }} else 0
        end
        {{- " + " if not loop.last }}
    {% endfor %} as cap_mask,
    case
        when exempt_caps
        then 0
        {% for scope in scopes %}
            when {{ scope }}_room < 1000 then {{ scope }}_room % 1000
        {% endfor %}
        else 0
    end as cap_policy_id
from limited
