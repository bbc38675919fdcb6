-- One row per phrase of a text rule; a rule may list up to eight, separated by bars.
with
    numbers as (
        select 1 as part
        union all
        select 2
        union all
        select 3
        union all
        select 4
        union all
        select 5
        union all
        select 6
        union all
        select 7
        union all
        select 8
    )
select
    -- keys
    rules.rule_id,
    trim(split_part(rules.pattern, '|', numbers.part)) as phrase,
    -- facts
    rules.signal,
    rules.language
from {{ ref("text_signal_rules") }} as rules
cross join numbers
where trim(split_part(rules.pattern, '|', numbers.part)) <> ''
