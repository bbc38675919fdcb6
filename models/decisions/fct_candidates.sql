-- What every segment would like to say to whom today, whether or not it may be said. Nothing
-- twice on one occasion.
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
    proposals as (
        select
            s.customer_id,
            m.message_id,
            m.message_number,
            m.campaign,
            s.audience,
            case
                when m.occasion = 'week'
                then m.campaign || '@' || c.local_week
                when m.occasion = 'day'
                then m.campaign || '@' || c.local_day
                else s.occasion
            end as instance,
            case when m.promotes = 'product' then s.product_id end as product_id,
            case
                when m.promotes in ('product', 'category') then s.product_category
            end as product_category,
            m.base_rate_micro,
            m.value_milli,
            m.lever,
            s.entered_at,
            {{ add_seconds(as_of(), "3600 * m.ttl_hours") }} as outdated_at,
            s.expires_at as left_at
        from segments as s
        join {{ ref("int_messages__ready") }} as m on m.audience = s.audience
        join {{ ref("int_customer_clocks") }} as c on c.customer_id = s.customer_id
        where s.place = 1 and {{ is_listed("c.local_weekday", "m.weekdays") }}
    ),
    published as (
        select count(*) as run_count
        from {{ ref("stg_downbeat__decision_runs") }}
        where run_id = {{ run_id() }}
    )
select
    -- keys
    p.customer_id,
    p.message_id,
    p.message_number,
    p.instance,
    -- facts
    p.campaign as programme,
    p.audience as step,
    p.product_id,
    p.product_category,
    {{
        score_of(
            "coalesce(" ~ micro_share("e.propensity") ~ ", p.base_rate_micro)",
            "p.value_milli",
            "case when p.product_category = x.last_purchased_category then 20 else 0 end",
            "p.lever",
        )
    }} as score,
    coalesce(x.pressure_7d, 0) as pressure_7d,
    -- times
    p.entered_at,
    case when p.left_at < p.outdated_at then p.left_at else p.outdated_at end as expires_at
from proposals as p
cross join published
left join {{ ref("dim_customer_context") }} as x on x.customer_id = p.customer_id
left join
    {{ ref("int_message_propensities") }} as e
    on e.customer_id = p.customer_id
    and e.message_id = p.message_id
left join
    {{ ref("int_occasions__used") }} as u
    on u.customer_id = p.customer_id
    and u.message_id = p.message_id
    and u.instance = p.instance
where u.customer_id is null and published.run_count = 0
