-- What was bought and brought back, line by line, on the web and at the tills, and by whom.
with
    web_lines as (
        select
            purchase_line_id,
            order_id,
            'web' as place,
            cast(null as string) as store_id,
            customer_id,
            product_id,
            quantity,
            amount,
            is_refund,
            decision_id,
            utm_campaign,
            purchased_at,
            loaded_at
        from {{ ref("int_web_purchases__lined_up") }}
    ),
    till_lines as (
        select
            'store:' || lines.receipt_line_id as purchase_line_id,
            lines.receipt_id as order_id,
            'store' as place,
            lines.store_id,
            coalesce(by_card.customer_id, by_payment.customer_id) as customer_id,
            lines.product_id,
            case
                when lines.kind = 'refund' then - abs(lines.quantity) else lines.quantity
            end as quantity,
            case
                when lines.kind = 'refund' then - abs(lines.amount) else lines.amount
            end as amount,
            lines.kind = 'refund' as is_refund,
            cast(null as string) as decision_id,
            cast(null as string) as utm_campaign,
            lines.sold_at as purchased_at,
            lines.loaded_at
        from {{ ref("stg_pos__receipt_lines") }} as lines
        left join
            {{ ref("int_identifiers__owned") }} as by_card
            on by_card.identifier_type = 'loyalty_card'
            and by_card.identifier = lines.loyalty_card
        left join
            {{ ref("int_identifiers__owned") }} as by_payment
            on by_payment.identifier_type = 'payment_hash'
            and by_payment.identifier = lines.payment_hash
        where not lines.is_future
    ),
    purchase_lines as (
        select *
        from web_lines
        union all
        select *
        from till_lines
    )
select
    -- keys
    lines.purchase_line_id,
    lines.order_id,
    -- identifiers
    lines.place,
    lines.store_id,
    lines.customer_id,
    lines.product_id,
    products.category as product_category,
    -- facts
    cast(lines.quantity as bigint) as quantity,
    cast(lines.amount as decimal(18, 2)) as amount,
    lines.is_refund,
    lines.decision_id,
    lines.utm_campaign,
    -- times
    lines.purchased_at,
    lines.loaded_at
from purchase_lines as lines
left join {{ ref("stg_shop__products") }} as products on products.product_id = lines.product_id
