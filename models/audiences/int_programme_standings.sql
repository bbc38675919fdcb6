-- Every step of every life: sent or failed, wanted, reachable; all that is needed to tell whose
-- turn it is.
{{ config(materialized="table") }}
with
    progress as (
        select programme, customer_id, instance, max(step_number) as last_sent_number
        from {{ ref("int_programme_sends") }}
        group by programme, customer_id, instance
    )
select
    -- keys
    l.programme,
    l.customer_id,
    l.instance,
    s.step_number,
    s.message_id,
    -- facts
    s.wait_seconds,
    s.ttl_seconds,
    s.condition,
    -- whoever was sent a later step does not come back to this one
    case
        when d.failed_at is not null
        then 'failed'
        when d.sent_at is not null
        then 'sent'
        when s.step_number < p.last_sent_number
        then 'passed'
    end as fate_before,
    coalesce(r.is_reachable, false) as is_reachable,
    case when s.condition is null then true else c.is_wanted end as is_wanted,
    -- times
    c.settled_at,
    d.sent_at,
    d.failed_at
from {{ ref("int_programme_ends") }} as l
join {{ ref("int_programme_steps") }} as s on s.programme = l.programme
left join
    {{ ref("int_programme_reach") }} as r
    on r.customer_id = l.customer_id
    and r.channel = s.channel
    and r.purpose = s.purpose
left join
    {{ ref("int_programme_conditions") }} as c
    on c.programme = l.programme
    and c.customer_id = l.customer_id
    and c.instance = l.instance
    and c.step_number = s.step_number
left join
    {{ ref("int_programme_sends") }} as d
    on d.programme = l.programme
    and d.customer_id = l.customer_id
    and d.instance = l.instance
    and d.message_id = s.message_id
left join
    progress as p
    on p.programme = l.programme
    and p.customer_id = l.customer_id
    and p.instance = l.instance
