-- What steps sent in which life, and what came of it. Whoever was held out goes on as if they had
-- been sent it; what never left, or bounced, has failed.
{{ config(materialized="table") }}
with
    sends as (
        select
            customer_id,
            message_id,
            decision_id,
            counted_at as sent_at,
            case when state = 'released' then counted_at end as failed_at
        from {{ ref("fct_contacts") }}
        where decision_id is not null and customer_id is not null
        union all
        select
            coalesce(r.customer_id, l.customer_id) as customer_id,
            l.message_id,
            cast(null as string) as decision_id,
            l.decided_at as sent_at,
            cast(null as timestamp) as failed_at
        from {{ ref("stg_downbeat__ledger") }} as l
        left join {{ ref("dim_customer_redirects") }} as r on r.retired_customer_id = l.customer_id
        where l.outcome = 'withhold' and l.decided_at < {{ as_of() }} and not l.is_future
    ),
    answers as (
        select
            decision_id,
            min(case when contact_type = 'opened' then occurred_at end) as opened_at,
            min(
                case when contact_type in ('clicked', 'visited') then occurred_at end
            ) as clicked_at,
            min(case when contact_type = 'bounced' then occurred_at end) as failed_at
        from {{ ref("fct_contact_events") }}
        where decision_id is not null and not is_machine
        group by decision_id
    )
select
    -- keys
    l.programme,
    l.customer_id,
    l.instance,
    d.message_id,
    -- facts
    max(d.step_number) as step_number,
    -- times
    min(s.sent_at) as sent_at,
    -- a click without an open is an open that no picture told of
    min(coalesce(a.opened_at, a.clicked_at)) as opened_at,
    min(a.clicked_at) as clicked_at,
    min(coalesce(a.failed_at, s.failed_at)) as failed_at
from sends as s
join {{ ref("int_programme_steps") }} as d on d.message_id = s.message_id
join
    {{ ref("int_programme_lives") }} as l
    on l.programme = d.programme
    and l.customer_id = s.customer_id
    and l.entered_at <= s.sent_at
    and (l.replaced_at is null or l.replaced_at > s.sent_at)
left join answers as a on a.decision_id = s.decision_id
group by l.programme, l.customer_id, l.instance, d.message_id
