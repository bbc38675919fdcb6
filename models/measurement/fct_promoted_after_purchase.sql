-- Who was offered what they had just bought: contacts that promoted a product
-- bought shortly before.
with
    bought_before as (
        select
            contacts.contact_id,
            contacts.customer_id,
            contacts.channel,
            contacts.campaign,
            contacts.message_id,
            contacts.decision_id,
            contacts.product_id as promoted_product_id,
            contacts.counted_at,
            purchases.product_id,
            purchases.purchased_at
        from {{ ref("fct_contacts") }} as contacts
        inner join
            {{ ref("fct_purchases") }} as purchases
            on contacts.customer_id = purchases.customer_id
            and purchases.purchased_at < contacts.counted_at
            and {{ days_between("purchases.purchased_at", "contacts.counted_at") }}
            <= {{ var("bought_recently_days") }}
        where not purchases.is_refund
    ),
    promoted as (
        select bought_before.*
        from bought_before
        left join
            {{ ref("stg_mailhouse__campaign_products") }} as offered
            on bought_before.channel = 'direct_mail'
            and bought_before.campaign = offered.campaign
            and bought_before.product_id = offered.product_id
        where
            bought_before.promoted_product_id = bought_before.product_id
            or offered.product_id is not null
    )
select
    -- keys
    contact_id,
    customer_id,
    product_id,
    -- facts
    channel,
    campaign,
    message_id,
    decision_id,
    min({{ days_between("purchased_at", "counted_at") }}) as days_before,
    -- times
    max(purchased_at) as purchased_at,
    max(counted_at) as contacted_at
from promoted
group by 1, 2, 3, 4, 5, 6, 7
