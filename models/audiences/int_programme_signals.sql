-- Everything conditions ask about, as word, subject and moment: an absent row says no.
{{ config(materialized="table") }}
with
    lives as (
        select programme, customer_id, instance, entered_at, seen_at
        from {{ ref("int_programme_ends") }}
    ),
    asked as (select distinct programme, word, subject from {{ ref("int_programme_terms") }}),
    answers as (
        {% for word in ["sent", "opened", "clicked", "failed"] %}
            select
                programme,
                customer_id,
                instance,
                '{{ word }}' as word,
                message_id as subject,
                {{ word }}_at as happened_at
            from {{ ref("int_programme_sends") }}
            where {{ word }}_at is not null {{ "union all" if not loop.last }}
        {% endfor %}
    )
select programme, customer_id, instance, word, subject, happened_at
from answers
union all
select l.programme, l.customer_id, l.instance, a.word, a.subject, min(e.occurred_at) as happened_at
from lives as l
join asked as a on a.programme = l.programme and a.word = 'did'
join
    {{ ref("fct_customer_events") }} as e
    on e.customer_id = l.customer_id
    and e.event = a.subject
    and e.occurred_at > l.entered_at
    and e.occurred_at <= l.seen_at
group by l.programme, l.customer_id, l.instance, a.word, a.subject
union all
select l.programme, l.customer_id, l.instance, a.word, a.subject, l.entered_at as happened_at
from lives as l
join asked as a on a.programme = l.programme and a.word = 'consent'
join
    {{ ref("int_programme_reach") }} as r
    on r.customer_id = l.customer_id
    and r.channel = a.subject
    and r.purpose = 'marketing'
    and r.is_reachable
union all
select l.programme, l.customer_id, l.instance, a.word, a.subject, min(m.entered_at) as happened_at
from lives as l
join asked as a on a.programme = l.programme and a.word = 'in'
join
    {{ ref("fct_audience_members") }} as m
    on m.customer_id = l.customer_id
    and m.audience = a.subject
    and (m.expires_at is null or m.expires_at > {{ as_of() }})
group by l.programme, l.customer_id, l.instance, a.word, a.subject
