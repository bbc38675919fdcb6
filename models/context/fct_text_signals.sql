-- What people say between the lines: signals found by rule or by the words they use,
-- with what says so.
with
    found as (
        select text_id, signal, rule_id, position, length
        from {{ ref("int_text_signals__by_rule") }}
        union all
        select text_id, signal, rule_id, position, length
        from {{ ref("int_text_signals__by_words") }}
        where signal not like 'language_%'
    ),
    tongues as (
        select
            text_id,
            substr(signal, 10) as language,
            row_number() over (partition by text_id order by evidence desc, signal) as place
        from {{ ref("int_text_signals__by_words") }}
        where signal like 'language_%'
    )
select
    -- keys
    found.text_id
    || ':'
    || case when found.rule_id like 'words_%' then found.signal || '_' else '' end
    || found.rule_id as signal_id,
    cases.customer_id,
    -- identifiers
    found.signal,
    texts.source,
    texts.record_id,
    found.rule_id,
    -- facts
    tongues.language,
    trim(substr(texts.words, greatest(found.position - 40, 1), found.length + 80)) as quoted_span,
    -- times
    texts.occurred_at
from found
inner join {{ ref("int_texts") }} as texts on texts.text_id = found.text_id
inner join {{ ref("fct_cases") }} as cases on cases.ticket_id = texts.record_id
left join tongues on tongues.text_id = found.text_id and tongues.place = 1
where texts.source = 'desk'
