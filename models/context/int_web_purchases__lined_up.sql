-- Lines of web orders that were not cancelled, and what came back from them as negative lines.
{{ config(materialized="view") }}
with
    bought as (
        select
            'web:' || lines.order_line_id as purchase_line_id,
            lines.order_id,
            orders.customer_id,
            lines.product_id,
            lines.quantity,
            lines.amount,
            false as is_refund,
            orders.utm_decision_id as decision_id,
            orders.utm_campaign,
            orders.placed_at as purchased_at,
            lines.loaded_at
        from {{ ref("stg_shop__order_lines") }} as lines
        inner join
            {{ ref("int_web_orders__recognised") }} as orders on orders.order_id = lines.order_id
        where not orders.is_cancelled
    ),
    brought_back as (
        select
            'web-refund:' || refunds.refund_id as purchase_line_id,
            refunds.order_id,
            orders.customer_id,
            refunds.product_id,
            - abs(refunds.quantity) as quantity,
            - abs(refunds.amount) as amount,
            true as is_refund,
            cast(null as string) as decision_id,
            cast(null as string) as utm_campaign,
            refunds.refunded_at as purchased_at,
            refunds.loaded_at
        from {{ ref("stg_shop__refunds") }} as refunds
        left join
            {{ ref("int_web_orders__recognised") }} as orders on orders.order_id = refunds.order_id
        where not refunds.is_future and not coalesce(orders.is_cancelled, false)
    )
select *
from bought
union all
select *
from brought_back
