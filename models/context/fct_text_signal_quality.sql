-- How well each way finds each signal, counted on labelled texts that nothing was learned from.
with
    ways as (
        select 'rules' as way, text_id, signal
        from {{ ref("int_text_signals__by_rule") }}
        union all
        select 'words' as way, text_id, signal
        from {{ ref("int_text_signals__by_words") }}
        union all
        select 'either' as way, text_id, signal
        from {{ ref("int_text_signals__by_rule") }}
        union all
        select 'either' as way, text_id, signal
        from {{ ref("int_text_signals__by_words") }}
    ),
    found as (select distinct way, text_id, signal from ways),
    labelled as (
        select text_id, labelled_signal from {{ ref("int_texts") }} where source = 'labelled'
    ),
    kinds as (
        select distinct all_ways.way, labelled.labelled_signal as signal
        from labelled
        cross join (select distinct way from ways) as all_ways
        where labelled.labelled_signal <> 'none'
    )
select
    -- keys
    kinds.way,
    kinds.signal,
    -- facts
    count(found.text_id) as found_count,
    count(case when labelled.labelled_signal = kinds.signal then found.text_id end) as right_count,
    count(case when labelled.labelled_signal = kinds.signal then 1 end) as said_count,
    {{
        rounded(
            "count(case when labelled.labelled_signal = kinds.signal then found.text_id end)"
            ~ " / cast(nullif(count(found.text_id), 0) as double)"
        )
    }} as precision_rate,
    {{
        rounded(
            "count(case when labelled.labelled_signal = kinds.signal then found.text_id end)"
            ~ " / cast(nullif(count(case when labelled.labelled_signal = kinds.signal"
            ~ " then 1 end), 0) as double)"
        )
    }} as recall_rate
from kinds
cross join labelled
left join
    found
    on found.way = kinds.way
    and found.signal = kinds.signal
    and found.text_id = labelled.text_id
group by kinds.way, kinds.signal
