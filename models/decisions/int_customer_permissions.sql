-- By which channels each customer may and can be spoken to, as far as consents say: bit n is
-- channel number n.
with
    consents as (
        select
            k.customer_number,
            s.purpose,
            cast(round(power(2, h.channel_number)) as bigint) as channel_bit,
            s.is_granted,
            coalesce(s.is_bounced, false) as is_bounced,
            s.contact_point is not null as has_point
        from {{ ref("dim_customer_consents") }} as s
        join {{ ref("channels") }} as h on h.channel = s.channel
        join {{ ref("int_customer_clocks") }} as k on k.customer_id = s.customer_id
    )
select
    -- keys
    customer_number,
    -- facts
    {% for purpose in ["marketing", "transactional"] %}
        {% for name, condition in {
            "granted": "is_granted",
            "known": "is_granted is not null",
            "bounced": "is_bounced",
            "pointed": "has_point",
        }.items() %}
            bit_or(
                case when purpose = '{{ purpose }}' and {{ condition }} then channel_bit else 0 end
            ) as {{ purpose }}_{{ name }}_mask {{- "," if not loop.last }}
        {% endfor %}
        {{- "," if not loop.last }}
    {% endfor %}
from consents
group by customer_number
