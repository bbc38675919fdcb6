-- Signals that the words of a text add up to, by the weights in force, with the word
-- that says so most.
{{ config(materialized="table") }}
with
    plain as (
        select
            text_id,
            words,
            trim({{ regex_replace_all("lower(words)", "[^a-zà-öø-ÿœß]+", " ") }}) as plain_words
        from {{ ref("int_texts") }}
    ),
    held as (select text_id, {{ each_word("plain_words") }} as word from plain),
    weights as (
        select signal, coalesce(word, '') as word, weight
        from {{ ref("text_word_weights") }}
        where version = '{{ var("text_version") }}'
    ),
    spoken as (
        select
            held.text_id,
            weights.signal,
            weights.word,
            weights.weight,
            sum(weights.weight) over (partition by held.text_id, weights.signal) as total,
            row_number() over (
                partition by held.text_id, weights.signal order by weights.weight desc, weights.word
            ) as strength
        from held
        inner join weights on weights.word = held.word
        where held.word <> ''
    )
select
    -- keys
    spoken.text_id,
    spoken.signal,
    -- identifiers
    'words_' || '{{ var("text_version") }}' as rule_id,
    -- facts
    cast(spoken.total + before.weight as bigint) as evidence,
    cast(instr(lower(plain.words), spoken.word) as bigint) as position,
    cast(length(spoken.word) as bigint) as length
from spoken
inner join weights as before on before.signal = spoken.signal and before.word = ''
inner join plain on plain.text_id = spoken.text_id
where spoken.strength = 1 and spoken.total + before.weight > 0
