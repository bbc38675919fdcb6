-- What became of every past decision: refused, sent, or its time ran out without a word.
with
    seen as (
        select decision_id, min(occurred_at) as sent_at
        from {{ ref("fct_contact_events") }}
        where decision_id is not null
        group by decision_id
    ),
    -- A silent tool releases nothing: only one that reported something later can be
    -- said not to have sent.
    heard as (
        select channel, max(occurred_at) as heard_at
        from {{ ref("fct_contact_events") }}
        where contact_type in ('sent', 'delivered', 'impression')
        group by channel
    ),
    refused as (
        select decision_id
        from {{ ref("stg_downbeat__receipts") }}
        where decision_id is not null and change <> 'remove'
        group by decision_id
        having max(case when outcome = 'rejected' then 0 else 1 end) = 0
    ),
    release_moments as (
        select
            decision_id,
            greatest(
                expires_at, {{ add_seconds("decided_at", var("contact_release_hours") * 3600) }}
            ) as released_at
        from {{ ref("int_decisions__recognised") }}
    )
select
    -- keys
    decisions.decision_id,
    -- facts
    case
        when seen.sent_at is not null
        then 'sent'
        when refused.decision_id is not null
        then 'released'
        when heard.heard_at >= moments.released_at and moments.released_at <= {{ as_of() }}
        then 'released'
        else 'decided'
    end as state,
    -- times
    -- what waits for the morning counts from the morning on
    greatest(
        decisions.decided_at,
        coalesce(decisions.send_after, decisions.decided_at),
        coalesce(seen.sent_at, decisions.decided_at)
    ) as counted_at
from {{ ref("int_decisions__recognised") }} as decisions
inner join release_moments as moments on moments.decision_id = decisions.decision_id
left join seen on seen.decision_id = decisions.decision_id
left join refused on refused.decision_id = decisions.decision_id
left join heard on heard.channel = decisions.channel
