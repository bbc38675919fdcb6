-- Candidates that passed the gates, with the room each cap leaves them and the key by which the
-- best is found.
with
    candidates as (
        select
            g.customer_id,
            g.message_number,
            g.product_id,
            g.product_category,
            g.segment_mask,
            g.tie_bucket,
            g.score - coalesce(p.price, 0) as worth,
            m.channel,
            m.category,
            m.campaign,
            m.exclusion_group,
            m.message_id,
            m.tier,
            m.exempt_caps,
            m.count_to_caps
        from {{ ref("int_candidates__gated") }} as g
        join {{ ref("int_messages__ready") }} as m on m.message_number = g.message_number
        left join {{ ref("int_message_prices") }} as p on p.message_number = g.message_number
        where g.is_passed
    ),
    limited as (
        select
            c.*,
            {% for scope, column in cap_scopes().items() %}
                case
                    {% if scope.startswith("product") %}
                        when c.{{ column }} is null then 999999999
                    {% endif %}
                    when left_{{ scope }}.room < l.{{ scope }}_limit * 1000
                    then left_{{ scope }}.room
                    else l.{{ scope }}_limit * 1000
                end as {{ scope }}_room {{- "," if not loop.last }}
            {% endfor %}
        from candidates as c
        join
            {{ ref("int_message_limits") }} as l
            on l.message_number = c.message_number
            and l.segment_mask = c.segment_mask
        {% for scope, column in cap_scopes().items() %}
            left join
                {{ ref("int_rooms") }} as left_{{ scope }}
                on left_{{ scope }}.customer_id = c.customer_id
                and left_{{ scope }}.scope_type = '{{ scope }}'
                and left_{{ scope }}.band = l.{{ scope }}_band
                and left_{{ scope }}.scope_key = {{ "'*'" if scope == "global" else "c." ~ column }}
        {% endfor %}
    )
select
    -- keys
    customer_id,
    message_number,
    product_id,
    product_category,
    {{ choice_key("limited") }} as choice_key,
    -- facts
    exempt_caps,
    count_to_caps,
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
    case when exempt_caps then null else {{ places_short() }} end as short_by
from limited
