-- Purchases and conversions tell the same amount and the same number of lines, refunds included.
with
    purchases as (
        select count(*) as line_count, cast(coalesce(sum(amount), 0) as decimal(18, 2)) as amount
        from {{ ref("fct_purchases") }}
    ),
    conversions as (
        select
            coalesce(sum(line_count), 0) as line_count,
            cast(coalesce(sum(revenue_amount), 0) as decimal(18, 2)) as amount
        from {{ ref("fct_conversions") }}
    )
select
    purchases.line_count,
    purchases.amount,
    conversions.line_count as counted,
    conversions.amount as summed
from purchases
cross join conversions
where purchases.line_count <> conversions.line_count or purchases.amount <> conversions.amount
