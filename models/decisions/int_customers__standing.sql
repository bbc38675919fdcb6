-- What the gates need to know of a customer: their clock, by which channels they can and may be
-- reached (bit n is channel number n), what is against everything, holdout.
with
    held_out as (
        select distinct customer_id
        from {{ ref("fct_audience_members") }}
        where
            kind = 'suppression'
            and audience = 'holdout'
            and (expires_at is null or expires_at > {{ as_of() }})
    ),
    clocks as (select distinct clock_id, clock_number from {{ ref("int_quiet_hours") }}),
    channel_bits as (
        select
            {% for kind in ["email", "phone", "device_token", "loyalty_card", "cookie"] %}
                cast(
                    sum(
                        case
                            when contact_type = '{{ kind }}' then power(2, channel_number) else 0
                        end
                    ) as bigint
                ) as {{ kind }}_bits,
            {% endfor %}
            cast(sum(power(2, channel_number)) as bigint) as all_bits
        from {{ ref("channels") }}
    ),
    facts as (
        select
            c.*,
            k.customer_number,
            k.clock_id,
            k.tie_bucket,
            k.segment_mask,
            b.all_bits,
            {% for kind in ["email", "phone", "device_token", "loyalty_card", "cookie"] %}
                case
                    when c.{{ "cookie_id" if kind == "cookie" else kind }} is not null
                    then b.{{ kind }}_bits
                    else 0
                end {{- " | " if not loop.last }}
            {% endfor %} as own_mask
        from {{ ref("dim_customers") }} as c
        join {{ ref("int_customer_clocks") }} as k on k.customer_id = c.customer_id
        cross join channel_bits as b
    )
select
    -- keys
    c.customer_id,
    c.customer_number,
    c.household_id,
    q.clock_number,
    -- identifiers
    c.email,
    c.phone,
    c.device_token,
    c.loyalty_card,
    c.cookie_id,
    -- facts
    c.tie_bucket,
    c.segment_mask,
    {% for purpose in ["marketing", "transactional"] %}
        {% set points = "(c.own_mask | coalesce(p." ~ purpose ~ "_pointed_mask, 0))" %}
        {{ points }}
        - ({{ points }} & coalesce(p.{{ purpose }}_bounced_mask, 0)) as {{ purpose }}_reach_mask,
    {% endfor %}
    -- marketing needs a granted consent; service mail only that it was never refused
    coalesce(p.marketing_granted_mask, 0) as marketing_allowed_mask,
    (c.all_bits - (c.all_bits & coalesce(p.transactional_known_mask, 0)))
    | coalesce(p.transactional_granted_mask, 0) as transactional_allowed_mask,
    coalesce(b.block_mask, 0) as block_mask,
    h.customer_id is not null as is_held_out,
    coalesce(x.pressure_7d, 0) as pressure_7d
from facts as c
left join {{ ref("int_customer_permissions") }} as p on p.customer_number = c.customer_number
left join clocks as q on q.clock_id = c.clock_id
left join
    {{ ref("int_customer_blocks") }} as b on b.customer_id = c.customer_id and b.scope_key = '*'
left join held_out as h on h.customer_id = c.customer_id
left join {{ ref("dim_customer_context") }} as x on x.customer_id = c.customer_id
