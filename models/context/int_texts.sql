-- Everything people wrote that signals are looked for in, and the labelled texts that tell how
-- well they are found.
select
    -- keys
    ticket_id || ':body' as text_id,
    -- identifiers
    'desk' as source,
    ticket_id as record_id,
    -- facts
    coalesce(subject || '. ', '') || coalesce(body, '') as words,
    cast(null as string) as labelled_signal,
    -- times
    created_at as occurred_at
from {{ ref("stg_desk__tickets") }}
where not is_future
union all
select
    ticket_id || ':csat_comment' as text_id,
    'desk' as source,
    ticket_id as record_id,
    csat_comment as words,
    cast(null as string) as labelled_signal,
    updated_at as occurred_at
from {{ ref("stg_desk__tickets") }}
where not is_future and csat_comment is not null
union all
select
    text_id,
    'labelled' as source,
    text_id as record_id,
    words,
    signal as labelled_signal,
    cast(null as timestamp) as occurred_at
from {{ ref("labelled_texts") }}
where part = 'test'
