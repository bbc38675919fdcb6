-- Which trusted identifiers use an identifier that this pass has to judge. What people cut by hand
-- was never seen.
{% set before = identity_before() %}
with
    touched as (select identifier_key from {{ ref("int_identifiers_touched") }}),
    sides as (
        {% for side, other in [("left", "right"), ("right", "left")] %}
            select
                links.{{ side }}_key as identifier_key,
                links.{{ other }}_key as partner_key,
                links.{{ other }}_type as partner_type
            from {{ links_beside(before) }} as links
            left join
                {{ ref("int_links_by_hand") }} as by_hand
                on by_hand.low_key = least(links.left_key, links.right_key)
                and by_hand.high_key = greatest(links.left_key, links.right_key)
            where
                by_hand.cut_reason is null
                {% if before %}
                    and links.{{ side }}_key in (select identifier_key from touched)
                {% endif %} {{ "union all" if not loop.last }}
        {% endfor %}
    )
select
    -- keys
    sides.identifier_key,
    sides.partner_key,
    -- facts
    sides.partner_type,
    kinds.partner_weight
from sides
inner join {{ ref("identifier_types") }} as kinds on kinds.identifier_type = sides.partner_type
left join
    {{ ref("int_identifiers_observed") }} as blocked
    on blocked.identifier_key = sides.partner_key
    and blocked.blocked_reason is not null
where kinds.is_trusted and blocked.identifier_key is null
