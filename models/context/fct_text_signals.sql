-- What people say between the lines: signals found by rule, with the words that say so.
with
    texts as (
        select
            ticket_id,
            'body' as field,
            coalesce(subject || '. ', '') || coalesce(body, '') as words,
            created_at as occurred_at
        from {{ ref("stg_desk__tickets") }}
        where not is_future
        union all
        select ticket_id, 'csat_comment' as field, csat_comment as words, updated_at as occurred_at
        from {{ ref("stg_desk__tickets") }}
        where not is_future and csat_comment is not null
    ),
    found as (
        select
            texts.ticket_id,
            texts.field,
            texts.words,
            texts.occurred_at,
            phrases.rule_id,
            phrases.signal,
            phrases.phrase,
            instr(lower(texts.words), phrases.phrase) as position
        from texts
        inner join
            {{ ref("int_text_phrases__split") }} as phrases
            on contains(lower(texts.words), phrases.phrase)
    ),
    first_found as (
        select
            *,
            row_number() over (
                partition by ticket_id, field, rule_id order by position, phrase
            ) as place
        from found
    )
select
    -- keys
    found.ticket_id || ':' || found.field || ':' || found.rule_id as signal_id,
    cases.customer_id,
    -- identifiers
    found.signal,
    'desk' as source,
    found.ticket_id as record_id,
    found.rule_id,
    -- facts
    trim(
        substr(found.words, greatest(found.position - 40, 1), length(found.phrase) + 80)
    ) as quoted_span,
    -- times
    found.occurred_at
from first_found as found
inner join {{ ref("fct_cases") }} as cases on cases.ticket_id = found.ticket_id
where found.place = 1
