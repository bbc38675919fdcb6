-- The evidence of a signal stands in the ticket, word for word.
select signals.signal_id, signals.quoted_span
from {{ ref("fct_text_signals") }} as signals
inner join {{ ref("stg_desk__tickets") }} as tickets on tickets.ticket_id = signals.record_id
where
    not contains(
        coalesce(tickets.subject || '. ', '')
        || coalesce(tickets.body, '')
        || ' '
        || coalesce(tickets.csat_comment, ''),
        signals.quoted_span
    )
