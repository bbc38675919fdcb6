-- How often journeys went from one step to the next: what the chain of channels is fitted to.
with
    closed as (
        select
            cast(
                date_trunc(
                    'month', case when outcome = 'converted' then ended_at else last_touch_at end
                ) as date
            ) as period_date,
            bucket,
            path,
            -- no channel has a number below zero
            case when outcome = 'converted' then -2 else -3 end as end_step,
            revenue_amount
        from {{ ref("fct_journeys") }}
        where outcome <> 'open'
    ),
    moves as (
        select period_date, bucket, revenue_amount, {{ each_move("path", "end_step") }} from closed
    )
select
    -- keys
    period_date,
    bucket,
    from_step,
    to_step,
    -- facts
    count(*) as move_count,
    cast(
        sum(case when to_step = -2 then revenue_amount else 0 end) as decimal(18, 2)
    ) as revenue_amount
from moves
where from_step <> to_step
group by period_date, bucket, from_step, to_step
