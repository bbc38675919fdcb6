-- Candidates that passed the gates, with the room each cap leaves them and the key by which the
-- best is found.
with
    candidates as (
        select
            g.*,
            g.score - coalesce(p.price, 0) as worth,
            m.tier,
            m.exempt_caps,
            m.count_to_caps,
            {% for scope in cap_scopes() %}
                {% if scope.startswith("product") %} {{ scope }}_values.value_number
                {% else %} l.{{ scope }}_value
                {% endif %} as {{ scope }}_value,
                l.{{ scope }}_band,
                {% if scope.startswith("product") %}
                    case
                        when g.{{ cap_scopes()[scope] }} is null
                        then 999999
                        else l.{{ scope }}_limit
                    end
                {% else %} l.{{ scope }}_limit
                {% endif %} as {{ scope }}_limit {{- "," if not loop.last }}
            {% endfor %}
        from {{ ref("int_candidates__gated") }} as g
        join {{ ref("int_messages__ready") }} as m on m.message_number = g.message_number
        join
            {{ ref("int_message_limits") }} as l
            on l.message_number = g.message_number
            and l.segment_mask = g.segment_mask
        left join {{ ref("int_message_prices") }} as p on p.message_number = g.message_number
        {% for scope, column in cap_scopes().items() if scope.startswith("product") %}
            left join
                {{ ref("int_scope_values") }} as {{ scope }}_values
                on {{ scope }}_values.scope_type = '{{ scope }}'
                and {{ scope }}_values.scope_key = g.{{ column }}
        {% endfor %}
        where g.is_passed
    ),
    limited as (
        select
            c.*,
            {% for scope in cap_scopes() %}
                coalesce(
                    left_{{ scope }}.room, c.{{ scope }}_limit * 1000
                ) as {{ scope }}_room {{- "," if not loop.last }}
            {% endfor %}
        from candidates as c
        {% for scope in cap_scopes() %}
            left join
                {{ ref("int_rooms") }} as left_{{ scope }}
                on left_{{ scope }}.customer_number = c.customer_number
                and left_{{ scope }}.value_number = c.{{ scope }}_value
                and left_{{ scope }}.band = c.{{ scope }}_band
        {% endfor %}
    )
select
    -- keys
    customer_number,
    message_number,
    instance,
    product_value,
    product_category_value,
    {{ choice_key("limited") }} as choice_key,
    -- facts
    exempt_caps,
    count_to_caps,
    is_withheld,
    score,
    pressure_7d,
    worth,
    {% for scope in cap_scopes() %}
        {{ whole_division(scope ~ "_room", 1000000) }} as {{ scope }}_room,
    {% endfor %}
    case when exempt_caps then 0 else {{ cap_mask_of_rooms() }} end as cap_mask,
    case
        when exempt_caps
        then 0
        {% for scope in cap_scopes() %}
            when {{ scope }}_room < 1000000 then {{ whole_division(scope ~ "_room", 1000) }} % 1000
        {% endfor %}
        else 0
    end as cap_policy_id,
    case when exempt_caps then null else {{ places_short() }} end as short_by,
    -- times
    hold_until,
    expires_at
from limited
