-- Candidates that passed the gates, with the room each cap leaves them and the key by which the
-- best is found.
with
    limited as (
        select
            g.*,
            m.tier,
            m.exempt_caps,
            m.count_to_caps,
            g.score - coalesce(p.price, 0) as worth,
            {% for scope in cap_scopes() if scope.startswith("product") %}
                {{ scope }}_values.value_number as {{ scope }}_value,
            {% endfor %}
            {% for scope, column in cap_scopes().items() %}
                coalesce(
                    left_{{ scope }}.rooms,
                    {% if scope.startswith("product") %}
                        case when g.{{ column }} is null then {{ 31 * room_unit(scope) }} end,
                    {% endif %}
                    l.{{ scope }}_rooms
                ) {{- " + " if not loop.last }}
            {% endfor %} as rooms,
            {% for scope, column in cap_scopes().items() %}
                coalesce(
                    left_{{ scope }}.shortage, {{ shortage_before(scope, "g." ~ column) }}
                ) as {{ scope }}_shortage {{- "," if not loop.last }}
            {% endfor %}
        from {{ ref("int_candidates__gated") }} as g
        join {{ ref("int_messages__ready") }} as m on m.message_number = g.message_number
        join
            {{ ref("int_message_limits") }} as l
            on l.message_number = g.message_number
            and l.segment_mask = g.segment_mask
        left join {{ ref("int_message_prices") }} as p on p.message_number = g.message_number
        {% for scope, column in cap_scopes().items() %}
                {% set value = "l." ~ scope ~ "_value" %}
            {% if scope.startswith("product") %}
                    {% set value = scope ~ "_values.value_number" %}
                left join
                    {{ ref("int_scope_values") }} as {{ scope }}_values
                    on {{ scope }}_values.scope_type = '{{ scope }}'
                    and {{ scope }}_values.scope_key = g.{{ column }}
            {% endif %}
            left join
                {{ ref("int_rooms") }} as left_{{ scope }}
                on left_{{ scope }}.scope_type = '{{ scope }}'
                and left_{{ scope }}.customer_number = g.customer_number
                and left_{{ scope }}.value_number = {{ value }}
                and left_{{ scope }}.band = l.{{ scope }}_band
        {% endfor %}
        where g.is_passed
    ),
    capped as (
        select
            *,
            not exempt_caps and not {{ has_room("rooms", cap_scopes()) }} as is_capped,
            {{ choice_key("limited") }} as choice_key
        from limited
    )
select
    -- keys
    customer_number,
    message_number,
    instance,
    product_value,
    product_category_value,
    choice_key,
    -- facts
    exempt_caps,
    count_to_caps,
    is_withheld,
    score,
    worth,
    rooms,
    case when is_capped then {{ cap_mask_of_shortages() }} else 0 end as cap_mask,
    case
        when is_capped then {{ whole_division(first_shortage(), 1000) }} else 0
    end as cap_policy_id,
    case
        when is_capped then {{ places_short() }} when worth < 0 and not exempt_caps then - worth
    end as short_by,
    -- times
    hold_until
from capped
