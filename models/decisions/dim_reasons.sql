-- What each reason code means, in words, whose rule it is, and whether waiting helps.
with
    reasons as (
        select code, words, owner, permanence, cast(null as bigint) as most
        from {{ ref("reasons") }}
        union all
        select
            1000 + channel_number as code,
            'no consent for marketing by ' || words as words,
            'legal' as owner,
            'permanent' as permanence,
            cast(null as bigint) as most
        from {{ ref("channels") }}
        union all
        select
            1050 + channel_number as code,
            'cannot be reached by ' || words as words,
            'data' as owner,
            'permanent' as permanence,
            cast(null as bigint) as most
        from {{ ref("channels") }}
        union all
        select
            1100 + rule_number as code,
            words,
            owner,
            kind as permanence,
            cast(null as bigint) as most
        from {{ ref("suppressions") }}
        union all
        select
            policy_id as code,
            'cap reached: at most '
            || cast(max_n as string)
            || {{ window_words("c") }}
            || {{ scope_words("c") }}
            || case
                unit
                when 'household'
                then ', for a household'
                when 'contact_point'
                then ', for an address'
                when 'all'
                then ', for everybody together'
                else ''
            end
            || case when segment = '*' then '' else ', for ' || segment end
            || case
                when coalesce(reserve_n, 0) = 0
                then ''
                else
                    ', '
                    || cast(reserve_n as string)
                    || ' kept for tiers up to '
                    || cast(reserve_tier as string)
            end as words,
            owner,
            'temporary' as permanence,
            max_n as most
        from {{ ref("caps") }} as c
        union all
        select
            budget_id as code,
            'budget spent: '
            || cast(cast(amount as decimal(18, 2)) as string)
            || {{ window_words("b") }}
            || {{ scope_words("b") }} as words,
            owner,
            'temporary' as permanence,
            cast(null as bigint) as most
        from {{ ref("budgets") }} as b
    )
select
    -- keys
    cast(code as bigint) as code,
    -- facts
    words,
    owner,
    permanence,
    cast(most as bigint) as most
from reasons
