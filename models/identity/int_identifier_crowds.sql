-- What stands around an identifier that one person could not use alone: a card of the cashier's is
-- paid with by many payment cards, and shown all day. For the identifiers this pass has to judge
-- whose kind has a limit.
{% set before = identity_before() %}
with
    touched as (select identifier_key from {{ ref("int_identifier_partners") }}),
    sides as (
        {% for side, other in [("left", "right"), ("right", "left")] %}
            select links.{{ side }}_key as identifier_key, links.{{ other }}_type as partner_type
            from {{ links_beside(before) }} as links
            inner join
                {{ ref("identifier_types") }} as kinds
                on kinds.identifier_type = links.{{ side }}_type
            where
                kinds.max_weak_partners is not null
                and links.{{ side }}_key in (select identifier_key from touched)
                {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    counted as (
        select sides.identifier_key, sides.partner_type, count(*) as partner_count
        from sides
        inner join
            {{ ref("identifier_types") }} as kinds on kinds.identifier_type = sides.partner_type
        where not kinds.is_trusted
        group by sides.identifier_key, sides.partner_type
    )
select
    -- keys
    identifier_key,
    -- facts
    cast(max(partner_count) as bigint) as weak_partner_count
from counted
group by identifier_key
