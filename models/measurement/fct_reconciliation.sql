-- What was decided against what the tools say they sent: one verdict for every decision and for
-- every send that nobody decided.
with
    sends as (
        select
            event_id,
            decision_id,
            customer_id,
            message_id,
            channel,
            occurred_at,
            row_number() over (
                partition by coalesce(decision_id, event_id) order by occurred_at, event_id
            ) as place
        from {{ ref("fct_contact_events") }}
        where
            contact_type = 'sent'
            -- before the first run nobody could have asked
            and occurred_at >= (select min(decided_at) from {{ ref("fct_decision_runs") }})
    ),
    decided as (
        select decisions.*, contacts.state
        from {{ ref("fct_decisions") }} as decisions
        left join
            {{ ref("fct_contacts") }} as contacts on contacts.decision_id = decisions.decision_id
    ),
    -- what the ledger had last said about this message to this customer
    said as (
        select
            sends.event_id,
            ledger.outcome,
            ledger.first_reason,
            row_number() over (
                partition by sends.event_id
                order by ledger.decided_at desc, ledger.run_id desc, ledger.instance desc
            ) as place
        from sends
        inner join
            {{ ref("fct_ledger") }} as ledger
            on ledger.customer_id = sends.customer_id
            and ledger.message_id = sends.message_id
            and ledger.decided_at <= sends.occurred_at
    ),
    matched as (
        select
            coalesce(decided.decision_id, sends.event_id) as reconciliation_id,
            decided.decision_id,
            sends.event_id,
            coalesce(decided.customer_id, sends.customer_id) as customer_id,
            coalesce(decided.message_id, sends.message_id) as message_id,
            coalesce(decided.channel, sends.channel) as channel,
            sends.place,
            said.outcome,
            said.first_reason,
            case
                when sends.place > 1
                then 'sent twice'
                when decided.decision_id is not null and sends.occurred_at > decided.expires_at
                then 'sent late'
                when decided.decision_id is not null and sends.event_id is not null
                then 'sent as decided'
                when decided.state = 'released'
                then 'decided, not sent'
                when decided.decision_id is not null
                then 'decided, nothing heard yet'
                when said.first_reason between 1 and 999
                then 'sent over a cap'
                when said.outcome in ('suppress', 'hold', 'withhold')
                then 'sent although blocked'
                else 'sent, never decided'
            end as verdict,
            decided.decided_at,
            decided.expires_at,
            sends.occurred_at as sent_at
        from decided
        full outer join sends on sends.decision_id = decided.decision_id
        left join said on said.event_id = sends.event_id and said.place = 1
    )
select
    -- keys
    case
        when place > 1 then reconciliation_id || ':' || event_id else reconciliation_id
    end as reconciliation_id,
    decision_id,
    event_id,
    -- identifiers
    customer_id,
    message_id,
    channel,
    -- facts
    verdict,
    case when decision_id is null then first_reason end as reason_code,
    -- times
    decided_at,
    expires_at,
    sent_at
from matched
