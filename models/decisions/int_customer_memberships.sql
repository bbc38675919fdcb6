-- Whom segments are about to speak to now, each customer once per segment, with what is newest.
-- All of
-- a customer lies together, which later joins are the faster for.
with
    members as (
        select
            s.audience,
            s.customer_id,
            c.customer_number,
            c.local_day,
            case when coalesce(s.scope_key, 'all') = 'all' then s.audience else s.scope_key end
            || '@'
            || {{ date_text("s.entered_at") }} as occasion,
            s.product_id,
            s.product_category,
            s.entered_at,
            s.expires_at,
            lag(s.audience) over (
                partition by c.customer_number
                order by
                    s.audience,
                    s.entered_at desc,
                    coalesce(s.scope_key, ''),
                    coalesce(s.product_id, ''),
                    coalesce(s.product_category, '')
            ) as audience_before
        from {{ ref("fct_audience_members") }} as s
        join {{ ref("int_customer_clocks") }} as c on c.customer_id = s.customer_id
        where
            s.kind = 'segment'
            and (s.expires_at is null or s.expires_at > {{ as_of() }})
            and {{ is_considered("s.customer_id") }}
    )
select
    -- keys
    audience,
    customer_id,
    customer_number,
    local_day,
    occasion,
    -- facts
    product_id,
    product_category,
    -- times
    entered_at,
    expires_at
from members
where audience_before is null or audience_before <> audience
