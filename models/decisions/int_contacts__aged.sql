-- Every contact that takes room or cost money, once for each unit that caps count by, with its
-- age by the clock of that unit. Contacts of today have age 0, those promised for later are
-- younger still.
with
    offsets as (
        select time_zone, offset_minutes, utc_from, utc_to
        from {{ ref("time_zone_offsets") }}
        where utc_to > {{ add_seconds(as_of(), "-86400 * " ~ var("contact_history_days")) }}
    ),
    units as (select distinct unit from {{ ref("int_caps__ready") }}),
    house_now as (
        select {{ add_seconds(as_of(), "60 * offset_minutes") }} as local_now_at
        from offsets
        where
            time_zone = '{{ var("house_time_zone") }}'
            and utc_from <= {{ as_of() }}
            and utc_to > {{ as_of() }}
    ),
    contacts as (
        select c.*, k.household_id, coalesce(k.segment_mask, 0) as segment_mask
        from {{ ref("int_contacts__taking_room") }} as c
        left join {{ ref("int_customer_clocks") }} as k on k.customer_id = c.customer_id
    ),
    placed as (
        select
            u.unit,
            {{ unit_id("u.unit", "c") }} as unit_id,
            case
                when u.unit = 'all' or k.customer_id is null
                then '{{ var("house_time_zone") }}'
                else k.time_zone
            end as time_zone,
            case
                when u.unit = 'all' or k.customer_id is null then h.local_now_at else k.local_now_at
            end as local_now_at,
            c.*
        from contacts as c
        cross join units as u
        cross join house_now as h
        left join {{ ref("int_customer_clocks") }} as k on k.customer_id = c.customer_id
        -- what everybody shares is counted over everybody's contacts
        where u.unit = 'all' or {{ is_concerned("c.customer_id") }}
    ),
    aged as (
        select
            p.*, {{ add_seconds("p.counted_at", "60 * coalesce(o.offset_minutes, 0)") }} as local_at
        from placed as p
        left join
            offsets as o
            on o.time_zone = p.time_zone
            and p.counted_at >= o.utc_from
            and p.counted_at < o.utc_to
        where p.unit_id is not null
    )
select
    -- keys
    unit,
    unit_id,
    {% for scope, column in cap_scopes().items() if scope != "global" %} {{ column }}, {% endfor %}
    -- facts
    segment_mask,
    taken_count,
    cost_milli,
    {{ whole_division(seconds_between("counted_at", as_of()), 3600) }} as age_hours,
    {{ days_between("local_at", "local_now_at") }} as age_days,
    {{ whole_division(days_between(monday_of("local_at"), monday_of("local_now_at")), 7) }}
    as age_weeks,
    {{ month_number("local_now_at") }} - {{ month_number("local_at") }} as age_months
from aged
