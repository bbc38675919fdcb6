-- Where each customer stands with us, since when, and why in words.
with
    rhythms as (
        select
            customer_id,
            count(*) as purchase_day_count,
            max(case when recency = 1 then gap_days end) as last_gap_days,
            max(case when recency = 1 then bought_date end) as last_bought_date,
            cast(round(avg(cast(gap_days as double))) as bigint) as usual_gap_days
        from {{ ref("int_purchase_days") }}
        group by customer_id
    ),
    leaving as (
        select customer_id, max(occurred_at) as said_at
        from {{ ref("fct_text_signals") }}
        where
            signal = 'churn_intent'
            and {{ days_between("occurred_at", as_of()) }} <= {{ var("churn_intent_days") }}
        group by customer_id
    ),
    known as (
        select
            c.customer_id,
            cast(c.first_seen_at as date) as first_seen_date,
            cast(c.first_ordered_at as date) as first_ordered_date,
            cast(c.last_ordered_at as date) as last_ordered_date,
            {{ days_between("c.first_ordered_at", as_of()) }} as age_days,
            {{ days_between("c.last_ordered_at", as_of()) }} as silent_days,
            r.last_gap_days,
            case
                when r.purchase_day_count >= {{ var("at_risk_least_purchases") }}
                then greatest(r.usual_gap_days, 1)
            end as usual_gap_days,
            cast(l.said_at as date) as said_date,
            cast(round(100 * t.alive_probability) as bigint) as alive_percent
        from {{ ref("dim_customers") }} as c
        left join rhythms as r on r.customer_id = c.customer_id
        left join leaving as l on l.customer_id = c.customer_id
        left join {{ ref("fct_lifetimes") }} as t on t.customer_id = c.customer_id
    ),
    judged as (
        select
            *,
            coalesce(
                silent_days > {{ var("at_risk_after_gaps") }} * usual_gap_days, false
            ) as is_silent
        from known
    ),
    staged as (
        select
            *,
            case
                when first_ordered_date is null
                then 'prospect'
                when silent_days >= {{ var("lapsed_after_days") }}
                then 'lapsed'
                when said_date is not null or is_silent
                then 'at_risk'
                when alive_percent < {{ var("at_risk_alive_below_percent") }}
                then 'at_risk'
                when age_days < {{ var("new_customer_days") }}
                then 'new'
                when
                    last_gap_days >= {{ var("lapsed_after_days") }}
                    and silent_days < {{ var("won_back_days") }}
                then 'won_back'
                else 'active'
            end as stage
        from judged
    )
select
    -- keys
    customer_id,
    -- facts
    stage,
    {{ lifecycle_reason() }} as reason,
    usual_gap_days,
    silent_days,
    -- times
    case
        when stage = 'prospect'
        then first_seen_date
        when stage = 'new'
        then first_ordered_date
        when stage = 'lapsed'
        then {{ date_plus_days("last_ordered_date", var("lapsed_after_days")) }}
        when stage = 'at_risk' and said_date is not null
        then said_date
        when stage = 'at_risk' and is_silent
        then
            {{
                date_plus_days(
                    "last_ordered_date",
                    var("at_risk_after_gaps") ~ " * usual_gap_days + 1",
                )
            }}
        else last_ordered_date
    end as entered_date
from staged
