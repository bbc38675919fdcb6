-- Web orders with the customer who placed them: by account, else e-mail, else phone, else browser.
select
    -- keys
    orders.order_id,
    coalesce(
        by_account.customer_id, by_email.customer_id, by_phone.customer_id, by_cookie.customer_id
    ) as customer_id,
    -- facts
    coalesce(lower(orders.status), '') = 'cancelled' as is_cancelled,
    orders.utm_decision_id,
    orders.utm_campaign,
    -- times
    orders.placed_at
from {{ ref("stg_shop__orders") }} as orders
left join
    {{ ref("int_identifiers__owned") }} as by_account
    on by_account.identifier_type = 'account'
    and by_account.identifier = orders.account_id
left join
    {{ ref("int_identifiers__owned") }} as by_email
    on by_email.identifier_type = 'email'
    and by_email.identifier = orders.email
left join
    {{ ref("int_identifiers__owned") }} as by_phone
    on by_phone.identifier_type = 'phone'
    and by_phone.identifier = orders.phone
left join
    {{ ref("int_identifiers__owned") }} as by_cookie
    on by_cookie.identifier_type = 'cookie'
    and by_cookie.identifier = orders.cookie_id
where not orders.is_future
