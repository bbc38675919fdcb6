-- Every contact that takes room or cost money, with its age by the clock of its customer and by
-- that of the house. Contacts of today have age 0, those promised for later are younger still.
with
    offsets as (
        select time_zone, offset_minutes, utc_from, utc_to
        from {{ ref("time_zone_offsets") }}
        where utc_to > {{ add_seconds(as_of(), "-86400 * " ~ var("contact_history_days")) }}
    ),
    house_now as (
        select time_zone, {{ add_seconds(as_of(), "60 * offset_minutes") }} as local_now_at
        from offsets
        where
            time_zone = '{{ var("house_time_zone") }}'
            and utc_from <= {{ as_of() }}
            and utc_to > {{ as_of() }}
    ),
    placed as (
        select
            c.*,
            k.customer_number,
            k.household_id,
            coalesce(k.segment_mask, 0) as segment_mask,
            coalesce({{ is_concerned("c.customer_id") }}, false) as is_concerned,
            coalesce(k.time_zone, h.time_zone) as time_zone,
            coalesce(k.local_now_at, h.local_now_at) as local_now_at,
            h.time_zone as house_zone,
            h.local_now_at as house_now_at
        from {{ ref("int_contacts__taking_room") }} as c
        cross join house_now as h
        left join {{ ref("int_customer_clocks") }} as k on k.customer_id = c.customer_id
    ),
    aged as (
        select
            p.*,
            {{ add_seconds("p.counted_at", "60 * coalesce(o.offset_minutes, 0)") }} as local_at,
            {{ add_seconds("p.counted_at", "60 * coalesce(h.offset_minutes, 0)") }} as house_at
        from placed as p
        left join
            offsets as o
            on o.time_zone = p.time_zone
            and p.counted_at >= o.utc_from
            and p.counted_at < o.utc_to
        left join
            offsets as h
            on h.time_zone = p.house_zone
            and p.counted_at >= h.utc_from
            and p.counted_at < h.utc_to
    )
select
    -- keys
    customer_id,
    customer_number,
    household_id,
    contact_type,
    contact_point,
    {% for scope, column in cap_scopes().items() if scope != "global" %} {{ column }}, {% endfor %}
    -- facts
    is_concerned,
    segment_mask,
    taken_count,
    cost_milli,
    is_recent,
    {{ whole_division(seconds_between("counted_at", as_of()), 3600) }} as age_hours,
    {% for clock, local_at, now_at in [
        ("", "local_at", "local_now_at"),
        ("house_", "house_at", "house_now_at"),
    ] %}
        {{ days_between(local_at, now_at) }} as {{ clock }}age_days,
        ({{ week_number(now_at) }} - {{ week_number(local_at) }}) as {{ clock }}age_weeks,
        ({{ month_number(now_at) }} - {{ month_number(local_at) }}) as {{ clock }}age_months
        {{- "," if not loop.last }}
    {% endfor %}
from aged
