-- Signals found by a rule: the first of its phrases in a text.
with
    found as (
        select
            texts.text_id,
            phrases.signal,
            phrases.rule_id,
            phrases.phrase,
            instr(lower(texts.words), phrases.phrase) as position
        from {{ ref("int_texts") }} as texts
        inner join
            {{ ref("int_text_phrases__split") }} as phrases
            on contains(lower(texts.words), phrases.phrase)
    ),
    first_found as (
        select
            *, row_number() over (partition by text_id, rule_id order by position, phrase) as place
        from found
    )
select
    -- keys
    text_id,
    rule_id,
    -- identifiers
    signal,
    -- facts
    cast(position as bigint) as position,
    cast(length(phrase) as bigint) as length
from first_found
where place = 1
