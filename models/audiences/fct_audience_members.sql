-- Every audience in one table: who is in it, why, since when and until when.
{{ config(materialized="table") }}
with
    -- All aud_ models have the same columns in the same order; tests hold them to it.
    members as (
        select 'bought_recently' as audience, *
        from {{ ref("aud_bought_recently") }}
        union all
        select 'open_case' as audience, *
        from {{ ref("aud_open_case") }}
        union all
        select 'bad_csat' as audience, *
        from {{ ref("aud_bad_csat") }}
        union all
        select 'returned_recently' as audience, *
        from {{ ref("aud_returned_recently") }}
        union all
        select 'asked_to_stop' as audience, *
        from {{ ref("aud_asked_to_stop") }}
        union all
        select 'no_consent' as audience, *
        from {{ ref("aud_no_consent") }}
        union all
        select 'bounced' as audience, *
        from {{ ref("aud_bounced") }}
        union all
        select 'contact_pressure' as audience, *
        from {{ ref("aud_contact_pressure") }}
        union all
        select 'live_session' as audience, *
        from {{ ref("aud_live_session") }}
        union all
        select 'holdout' as audience, *
        from {{ ref("aud_holdout") }}
        union all
        select 'open_case_updates' as audience, *
        from {{ ref("aud_open_case_updates") }}
        union all
        select 'new_customers' as audience, *
        from {{ ref("aud_new_customers") }}
        union all
        select 'cart_abandoners' as audience, *
        from {{ ref("aud_cart_abandoners") }}
        union all
        select 'likely_next_category' as audience, *
        from {{ ref("aud_likely_next_category") }}
        union all
        select 'high_value' as audience, *
        from {{ ref("aud_high_value") }}
        union all
        select 'recent_buyers' as audience, *
        from {{ ref("aud_recent_buyers") }}
        union all
        select 'lapsed' as audience, *
        from {{ ref("aud_lapsed") }}
        union all
        select 'browsers' as audience, *
        from {{ ref("aud_browsers") }}
        union all
        select 'fatigued' as audience, *
        from {{ ref("aud_fatigued") }}
    )
select
    -- keys
    members.audience,
    members.customer_id,
    members.scope_key,
    -- facts
    members.reason,
    audiences.kind,
    members.product_id,
    members.product_category,
    -- times
    members.entered_at,
    members.expires_at
from members
inner join {{ ref("audiences") }} as audiences on audiences.audience = members.audience
