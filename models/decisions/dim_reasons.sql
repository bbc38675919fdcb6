-- What each reason code means, in words, whose rule it is, and whether waiting helps.
with
    reasons as (
        select code, words, owner, permanence
        from {{ ref("reasons") }}
        union all
        select
            1000 + channel_number as code,
            'no consent for marketing by ' || words as words,
            'legal' as owner,
            'permanent' as permanence
        from {{ ref("channels") }}
        union all
        select
            1050 + channel_number as code,
            'cannot be reached by ' || words as words,
            'data' as owner,
            'permanent' as permanence
        from {{ ref("channels") }}
        union all
        select 1100 + rule_number as code, words, owner, kind as permanence
        from {{ ref("suppressions") }}
        union all
        select
            policy_id as code,
            'cap reached: at most '
            || cast(max_n as string)
            || ' in '
            || cast(window_n as string)
            || case when window_n = 1 then ' day, ' else ' days, ' end
            || case
                when scope_type = 'global'
                then 'all messages together'
                when scope_key = '*'
                then 'for each ' || scope_type
                else scope_type || ' ' || scope_key
            end as words,
            owner,
            'temporary' as permanence
        from {{ ref("caps") }}
    )
select
    -- keys
    cast(code as bigint) as code,
    -- facts
    words,
    owner,
    permanence
from reasons
