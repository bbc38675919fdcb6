-- Candidates that passed the gates: what the caps of their customer say of them, or else the room
-- each cap leaves them and the key by which the best is found.
with
    limited as (
        select
            g.customer_number,
            g.message_number,
            g.instance,
            g.score,
            g.tie_bucket,
            g.is_withheld,
            g.reason_mask,
            m.tier,
            m.exempt_caps,
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
        where g.first_reason is null
    ),
    capped as (
        select
            *,
            not exempt_caps and not {{ has_room("rooms", cap_scopes()) }} as is_capped,
            not exempt_caps and worth < 0 as is_worthless
        from limited
    )
select
    -- keys
    customer_number,
    message_number,
    instance,
    product_value,
    product_category_value,
    case
        when not exempt_caps and not is_capped and not is_worthless then {{ choice_key("capped") }}
    end as choice_key,
    -- facts
    -- what no cap can stop is chosen at once
    case
        when exempt_caps
        then case when is_withheld then 1900 else 0 end
        when is_capped
        then {{ whole_division(first_shortage(), 1000) }}
        when is_worthless
        then 1930
    end as first_reason,
    reason_mask
    + case when is_capped then {{ cap_mask_of_shortages() }} else 0 end
    + case when is_worthless then 16384 else 0 end as reason_mask,
    case
        when exempt_caps
        then 1
        when is_capped
        then {{ places_short() }}
        when is_worthless
        then - worth
    end as extent,
    score,
    rooms
from capped
