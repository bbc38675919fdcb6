-- What segments and programmes would like to say to whom, before it is known whether it was said.
with
    proposed as (
        select
            s.customer_id,
            s.customer_number,
            o.message_number,
            s.local_day,
            coalesce(o.instance, s.occasion) as instance,
            o.campaign as programme,
            o.audience as step,
            cast(null as string) as moved_because,
            cast(null as string) as last_message_id,
            cast(null as string) as last_channel,
            s.product_id,
            s.product_category,
            s.entered_at,
            s.expires_at as left_at
        from {{ ref("int_customer_memberships") }} as s
        join
            {{ ref("int_message_occasions") }} as o
            on o.audience = s.audience
            and o.local_day = s.local_day
        union all
        select
            p.customer_id,
            c.customer_number,
            m.message_number,
            c.local_day,
            p.instance,
            p.programme,
            'step ' || cast(p.step_number as string) as step,
            p.moved_because,
            p.last_message_id,
            p.last_channel,
            p.product_id,
            p.product_category,
            p.entered_at,
            p.closes_at as left_at
        from {{ ref("fct_programme_states") }} as p
        join {{ ref("int_messages__ready") }} as m on m.message_id = p.message_id
        join {{ ref("int_customer_clocks") }} as c on c.customer_id = p.customer_id
        where p.is_offered and {{ is_considered("p.customer_id") }}
    )
select
    -- keys
    p.customer_id,
    p.customer_number,
    o.message_id,
    p.message_number,
    p.instance,
    -- facts
    p.programme,
    p.step,
    p.moved_because,
    p.last_message_id,
    p.last_channel,
    case when o.promotes_product then p.product_id end as product_id,
    case when o.promotes_category then p.product_category end as product_category,
    o.base_rate_micro,
    o.value_milli,
    o.lever,
    -- times
    p.entered_at,
    case when p.left_at < o.latest_at then p.left_at else o.latest_at end as expires_at
from proposed as p
join
    {{ ref("int_message_occasions") }} as o
    on o.message_number = p.message_number
    and o.local_day = p.local_day
