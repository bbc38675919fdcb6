-- What segments and programmes would like to say to whom, before it is known whether it was said.
with
    segments as (
        select
            audience,
            customer_id,
            case when coalesce(scope_key, 'all') = 'all' then audience else scope_key end
            || '@'
            || {{ date_text("entered_at") }} as occasion,
            product_id,
            product_category,
            entered_at,
            expires_at,
            row_number() over (
                partition by audience, customer_id
                order by
                    entered_at desc,
                    coalesce(scope_key, ''),
                    coalesce(product_id, ''),
                    coalesce(product_category, '')
            ) as place
        from {{ ref("fct_audience_members") }}
        where
            kind = 'segment'
            and (expires_at is null or expires_at > {{ as_of() }})
            and {{ is_considered("customer_id") }}
    ),
    proposed as (
        select
            s.customer_id,
            m.message_id,
            case
                when m.occasion = 'week'
                then m.campaign || '@' || c.local_week
                when m.occasion = 'day'
                then m.campaign || '@' || c.local_day
                else s.occasion
            end as instance,
            m.campaign as programme,
            m.audience as step,
            cast(null as string) as moved_because,
            cast(null as string) as last_message_id,
            cast(null as string) as last_channel,
            s.product_id,
            s.product_category,
            s.entered_at,
            s.expires_at as left_at
        from segments as s
        join {{ ref("int_messages__ready") }} as m on m.audience = s.audience
        join {{ ref("int_customer_clocks") }} as c on c.customer_id = s.customer_id
        where s.place = 1
        union all
        select
            customer_id,
            message_id,
            instance,
            programme,
            'step ' || cast(step_number as string) as step,
            moved_because,
            last_message_id,
            last_channel,
            product_id,
            product_category,
            entered_at,
            closes_at as left_at
        from {{ ref("fct_programme_states") }}
        where is_offered and {{ is_considered("customer_id") }}
    )
select
    -- keys
    p.customer_id,
    c.customer_number,
    p.message_id,
    m.message_number,
    p.instance,
    -- facts
    p.programme,
    p.step,
    p.moved_because,
    p.last_message_id,
    p.last_channel,
    case when m.promotes = 'product' then p.product_id end as product_id,
    case when m.promotes in ('product', 'category') then p.product_category end as product_category,
    m.base_rate_micro,
    m.value_milli,
    m.lever,
    -- times
    p.entered_at,
    case
        when p.left_at < {{ add_seconds(as_of(), "3600 * m.ttl_hours") }}
        then p.left_at
        else {{ add_seconds(as_of(), "3600 * m.ttl_hours") }}
    end as expires_at
from proposed as p
join {{ ref("int_messages__ready") }} as m on m.message_id = p.message_id
join {{ ref("int_customer_clocks") }} as c on c.customer_id = p.customer_id
where {{ is_listed("c.local_weekday", "m.weekdays") }}
