-- Where every customer stands in every programme: live, at rest, done or out, at which step, why
-- it is that one, and what came of those before it.
{{ config(materialized="table") }}
with
    states as (
        select
            t.*,
            e.product_id,
            e.product_category,
            e.suspended_by,
            e.ended_at,
            e.over_at,
            case
                when e.ended_by is not null
                then e.ended_by
                when e.suspended_by is not null
                then 'suspended'
                when t.step_number is null
                then 'done'
                else 'live'
            end as status
        from {{ ref("int_programme_turns") }} as t
        join
            {{ ref("int_programme_ends") }} as e
            on e.programme = t.programme
            and e.customer_id = t.customer_id
            and e.instance = t.instance
    )
select
    -- keys
    s.programme,
    s.customer_id,
    s.instance,
    -- facts
    s.status,
    s.suspended_by,
    d.message_id,
    cast(s.step_number as bigint) as step_number,
    s.status = 'live' and s.step_state = 'offered' as is_offered,
    s.came_by,
    s.came_from,
    case
        s.came_by
        when 'entered'
        then 'entered: ' || v.words
        when 'sent'
        then 'after ' || s.came_from
        when 'failed'
        then s.came_from || ' did not arrive'
        when 'blocked'
        then s.came_from || ' cannot reach them'
        when 'starved'
        then s.came_from || ' found no room in its time'
        else s.came_from || ' was not called for'
    end
    || case when d.condition is null then '' else '; ' || d.condition end as moved_because,
    s.last_sent as last_message_id,
    l.channel as last_channel,
    substr(s.trail, 2) as trail,
    s.product_id,
    s.product_category,
    -- times
    s.entered_at,
    s.opened_at,
    case when s.closes_at < s.over_at then s.closes_at else s.over_at end as closes_at,
    s.ended_at
from states as s
join {{ ref("programmes") }} as p on p.programme = s.programme
join {{ ref("customer_events") }} as v on v.event = p.enter_on
left join
    {{ ref("int_programme_steps") }} as d
    on d.programme = s.programme
    and d.step_number = s.step_number
left join {{ ref("int_programme_steps") }} as l on l.message_id = s.last_sent
