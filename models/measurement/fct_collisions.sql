-- Who displaced whom: on each day, how many customers a message lost to another, or to a rule, and
-- the value that was lost with them.
with
    lost as (
        select
            cast(ledger.decided_at as date) as decided_date,
            ledger.message_id,
            ledger.lost_to,
            ledger.first_reason,
            ledger.customer_id,
            -- a score is a million times what is expected to be earned
            ledger.score / 1000000.0e0 as expected_amount,
            row_number() over (
                partition by
                    cast(ledger.decided_at as date),
                    ledger.customer_id,
                    ledger.message_id,
                    ledger.instance
                order by ledger.decided_at desc, ledger.run_id desc
            ) as place
        from {{ ref("fct_ledger") }} as ledger
        where ledger.outcome = 'lose'
    )
select
    -- keys
    lost.decided_date,
    lost.message_id,
    coalesce(lost.lost_to, 'rule ' || cast(lost.first_reason as string)) as lost_to,
    -- facts
    lost.lost_to is not null as is_message,
    coalesce(min(messages.campaign), min(reasons.words)) as lost_to_words,
    cast(count(distinct lost.customer_id) as bigint) as customer_count,
    cast(sum(lost.expected_amount) as decimal(18, 2)) as lost_amount
from lost
inner join {{ ref("dim_reasons") }} as reasons on reasons.code = lost.first_reason
left join
    (
        select message_id, min(campaign) as campaign from {{ ref("messages") }} group by message_id
    ) as messages
    on messages.message_id = lost.lost_to
where lost.place = 1
group by lost.decided_date, lost.message_id, lost.lost_to, lost.first_reason
