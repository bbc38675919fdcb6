-- Sent, withheld, held: each outcome carries the reason that belongs to it and no other.
select l.run_id, l.customer_id, l.message_id, l.outcome, l.first_reason, l.reason_mask
from {{ ref("fct_ledger") }} as l
where
    l.run_id = {{ run_id() }}
    and (
        (l.outcome = 'send' and (l.first_reason <> 0 or l.reason_mask <> 0 or l.round = 0))
        or (
            l.outcome = 'withhold'
            and (l.first_reason not in (1900, 1901) or l.reason_mask <> 2048 or l.round = 0)
        )
        or (l.outcome = 'hold' and (l.first_reason <> 1910 or l.hold_until is null))
        or (
            l.outcome in ('lose', 'suppress', 'hold')
            and ((l.reason_mask = 0 and l.first_reason <> 1940) or l.round <> 0)
        )
    )
