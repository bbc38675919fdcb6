-- Every web order and till receipt with the customer behind it and what it brought in,
-- refunds taken off.
with
    owners as (
        select identifier_type, identifier, customer_id
        from {{ ref("dim_customer_identifiers") }}
        where customer_id is not null
    ),
    refunded as (
        select order_id, sum(amount) as amount
        from {{ ref("stg_shop__refunds") }}
        where not is_future
        group by order_id
    ),
    lines as (
        select order_id, sum(amount) as amount
        from {{ ref("stg_shop__order_lines") }}
        group by order_id
    ),
    receipts as (
        select
            receipt_id,
            max(store_id) as store_id,
            max(loyalty_card) as loyalty_card,
            max(payment_hash) as payment_hash,
            sum(amount) as amount,
            max(case when kind = 'sale' then 1 else 0 end) as sale_count,
            min(sold_at) as sold_at
        from {{ ref("stg_pos__receipt_lines") }}
        where not is_future
        group by receipt_id
    )
select
    'web:' || orders.order_id as order_key,
    coalesce(
        by_account.customer_id, by_email.customer_id, by_phone.customer_id, by_cookie.customer_id
    ) as customer_id,
    cast(null as string) as store_id,
    true as is_order,
    cast(
        coalesce(lines.amount, orders.total_amount, 0)
        - coalesce(refunded.amount, 0) as decimal(18, 2)
    ) as net_amount,
    orders.placed_at as ordered_at
from {{ ref("stg_shop__orders") }} as orders
left join lines on lines.order_id = orders.order_id
left join refunded on refunded.order_id = orders.order_id
left join
    owners as by_account
    on by_account.identifier_type = 'account'
    and by_account.identifier = orders.account_id
left join
    owners as by_email on by_email.identifier_type = 'email' and by_email.identifier = orders.email
left join
    owners as by_phone on by_phone.identifier_type = 'phone' and by_phone.identifier = orders.phone
left join
    owners as by_cookie
    on by_cookie.identifier_type = 'cookie'
    and by_cookie.identifier = orders.cookie_id
where not orders.is_future and coalesce(orders.status, '') <> 'cancelled'
union all
select
    'store:' || receipts.receipt_id as order_key,
    coalesce(by_card.customer_id, by_payment.customer_id) as customer_id,
    receipts.store_id,
    receipts.sale_count = 1 as is_order,
    cast(receipts.amount as decimal(18, 2)) as net_amount,
    receipts.sold_at as ordered_at
from receipts
left join
    owners as by_card
    on by_card.identifier_type = 'loyalty_card'
    and by_card.identifier = receipts.loyalty_card
left join
    owners as by_payment
    on by_payment.identifier_type = 'payment_hash'
    and by_payment.identifier = receipts.payment_hash
