-- What was published of each month and channel, and since when: a line for every time a figure
-- changed, with what came in meanwhile. A second run of the same moment takes the first one's
-- place.
with
    numbered as (
        select
            *,
            row_number() over (
                partition by period_date, rule, channel order by published_at desc
            ) as place
        from {{ ref("stg_downbeat__attribution") }}
        where published_at < {{ as_of() }}
    ),
    known as (select * from numbered where place = 1),
    just_said as (
        select period_date, rule, channel
        from {{ ref("stg_downbeat__attribution") }}
        where published_at = {{ as_of() }}
    ),
    now_there as (
        select period_date, rule, channel, conversion_count, revenue_amount
        from {{ ref("fct_channel_attribution") }}
        where level = 'channel'
    ),
    news as (
        select
            cast(date_trunc('month', occurred_at) as date) as period_date,
            sum(case when change in ('late', 'back', 'new') then 1 else 0 end) as added_count,
            sum(case when change in ('corrected', 'gone') then 1 else 0 end) as corrected_count,
            sum(case when change = 'recognised as another' then 1 else 0 end) as recognised_count
        from {{ ref("fct_conversion_versions") }}
        where seen_at = {{ as_of() }}
        group by 1
    ),
    changed as (
        select
            coalesce(now_there.period_date, known.period_date) as period_date,
            coalesce(now_there.rule, known.rule) as rule,
            coalesce(now_there.channel, known.channel) as channel,
            coalesce(now_there.conversion_count, 0) as conversion_count,
            coalesce(now_there.revenue_amount, 0) as revenue_amount,
            known.conversion_count as earlier_count,
            known.revenue_amount as earlier_amount
        from now_there
        full outer join
            known
            on known.period_date = now_there.period_date
            and known.rule = now_there.rule
            and known.channel = now_there.channel
        left join
            just_said
            on just_said.period_date = coalesce(now_there.period_date, known.period_date)
            and just_said.rule = coalesce(now_there.rule, known.rule)
            and just_said.channel = coalesce(now_there.channel, known.channel)
        where
            just_said.channel is not null
            or coalesce(now_there.conversion_count, 0) <> coalesce(known.conversion_count, -1)
            or coalesce(now_there.revenue_amount, 0) <> coalesce(known.revenue_amount, -1)
    )
select
    -- keys
    period_date,
    rule,
    channel,
    -- facts
    conversion_count,
    revenue_amount,
    earlier_count,
    earlier_amount,
    reason,
    -- times
    published_at
from {{ ref("stg_downbeat__attribution") }}
where published_at <> {{ as_of() }}
union all
select
    changed.period_date,
    changed.rule,
    changed.channel,
    cast(changed.conversion_count as decimal(18, 6)),
    cast(changed.revenue_amount as decimal(28, 8)),
    changed.earlier_count,
    changed.earlier_amount,
    case
        when changed.earlier_count is null
        then 'first published'
        when news.recognised_count > 0
        then 'people were recognised anew'
        when news.corrected_count > 0
        then 'orders were corrected or called off'
        when news.added_count > 0
        then 'orders came in'
        when changed.rule = 'markov'
        then 'the chain was fitted anew'
        else 'touches came in, or belong to others now'
    end as reason,
    {{ as_of() }} as published_at
from changed
left join news on news.period_date = changed.period_date
