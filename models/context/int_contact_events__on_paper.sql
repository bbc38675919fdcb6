-- Letters posted and coupons handed in, in the shape of channel activity.
{{ config(materialized="view") }}
with
    letters as (
        select
            'mailhouse:' || mailing_id as event_id,
            'mailhouse' as source,
            'direct_mail' as channel,
            'sent' as contact_type,
            'loyalty_card' as identifier_type,
            loyalty_card as identifier,
            message_id,
            campaign,
            decision_id,
            false as is_machine,
            cost_amount,
            mailed_at as occurred_at,
            loaded_at
        from {{ ref("stg_mailhouse__mailings") }}
        where not is_future
    ),
    coupons as (
        select
            'pos:' || redemption_id as event_id,
            'pos' as source,
            cast(null as string) as channel,
            'redeemed' as contact_type,
            'loyalty_card' as identifier_type,
            loyalty_card as identifier,
            cast(null as string) as message_id,
            campaign,
            decision_id,
            false as is_machine,
            cast(null as decimal(18, 2)) as cost_amount,
            redeemed_at as occurred_at,
            loaded_at
        from {{ ref("stg_pos__coupon_redemptions") }}
        where not is_future
    )
select *
from letters
union all
select *
from coupons
