-- How often journeys went from one step to the next: what the chain of channels is fitted to.
with
    closed as (
        select
            journeys.*,
            case when outcome = 'converted' then ended_at else last_touch_at end as counted_at
        from {{ ref("fct_journeys") }} as journeys
        where outcome <> 'open'
    ),
    moves as (
        select
            cast(date_trunc('month', closed.counted_at) as date) as period_date,
            closed.bucket,
            -- no channel has a number below zero
            case
                when places.place = 0 then -1 else {{ item_at("closed.path", "places.place") }}
            end as from_step,
            case
                when places.place < closed.touch_count
                then {{ item_at("closed.path", "places.place + 1") }}
                when closed.outcome = 'converted'
                then -2
                else -3
            end as to_step,
            closed.revenue_amount
        from closed {{ each_place(0, "closed.touch_count") }}
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
