-- How many more contacts each cap leaves a customer, as room * 1000 + policy; only where
-- something already counts.
-- Age is in local dates: contacts of today have age 0, those already promised for later are
-- younger still; all count.
with
    zones as (
        select time_zone, offset_minutes, utc_from, utc_to
        from {{ ref("time_zone_offsets") }}
        where utc_to > {{ add_seconds(as_of(), "-86400 * " ~ var("contact_history_days")) }}
    ),
    contacts as (
        select
            c.customer_id,
            c.channel,
            c.category,
            c.campaign,
            nullif(m.exclusion_group, '') as exclusion_group,
            c.message_id,
            {{
                days_between(
                    add_seconds("c.counted_at", "60 * coalesce(z.offset_minutes, 0)"),
                    "k.local_now_at",
                )
            }} as age_days,
            count(*) as contact_count
        from {{ ref("fct_contacts") }} as c
        join {{ ref("int_customer_clocks") }} as k on k.customer_id = c.customer_id
        left join
            zones as z
            on z.time_zone = k.time_zone
            and c.counted_at >= z.utc_from
            and c.counted_at < z.utc_to
        left join {{ ref("messages") }} as m on m.message_id = c.message_id
        where
            c.count_to_caps
            and c.state <> 'released'
            and c.counted_at > {{ add_seconds(as_of(), "-86400 * " ~ var("contact_history_days")) }}
        group by 1, 2, 3, 4, 5, 6, 7
    ),
    scoped_contacts as (
        {% for scope, key in [
            ("global", "'*'"),
            ("channel", "channel"),
            ("category", "category"),
            ("campaign", "campaign"),
            ("group", "exclusion_group"),
            ("message", "message_id"),
        ] %}
            select
                customer_id,
                '{{ scope }}' as scope_type,
                {{ key }} as scope_key,
                age_days,
                contact_count
            from contacts
            where {{ key }} is not null {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    counted as (
        select
            s.customer_id,
            s.scope_type,
            s.scope_key,
            p.policy_id,
            p.max_n,
            cast(sum(s.contact_count) as bigint) as contact_count
        from scoped_contacts as s
        join
            {{ ref("int_caps__ready") }} as p
            on p.scope_type = s.scope_type
            and p.scope_key in ('*', s.scope_key)
            and s.age_days < p.window_days
        group by s.customer_id, s.scope_type, s.scope_key, p.policy_id, p.max_n
    )
select
    -- keys
    customer_id,
    scope_type,
    scope_key,
    -- facts
    min(greatest(max_n - contact_count, 0) * 1000 + policy_id) as room
from counted
group by customer_id, scope_type, scope_key
