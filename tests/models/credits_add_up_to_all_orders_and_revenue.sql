-- Every rule of attribution divides all of a month's orders, revenue and refunds, at every level.
with
    sold as (
        select
            cast(date_trunc('month', occurred_at) as date) as period_date,
            sum(case when conversion_type = 'order' then 1 else 0 end) as orders,
            sum(case when conversion_type = 'order' then revenue_amount else 0 end) as revenue,
            sum(case when conversion_type = 'order' then 0 else revenue_amount end) as refunds
        from {{ ref("fct_conversions") }}
        group by 1
    ),
    credited as (
        select
            period_date,
            level,
            rule,
            sum(conversion_count) as orders,
            sum(revenue_amount) as revenue,
            sum(refund_amount) as refunds
        from {{ ref("fct_channel_attribution") }}
        group by period_date, level, rule
    )
select sold.period_date, credited.level, credited.rule, sold.orders, credited.orders as found
from sold
left join credited on credited.period_date = sold.period_date
where
    credited.period_date is null
    or credited.orders <> sold.orders
    or credited.revenue <> sold.revenue
    or credited.refunds <> sold.refunds
