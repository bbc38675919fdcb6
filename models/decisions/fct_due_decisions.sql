-- Decisions that may still go out now: not outdated, and nothing has come up against them since
-- they were made.
with
    unexpired as (
        select d.*, coalesce(i.customer_id, d.customer_id) as current_customer_id
        from {{ ref("fct_decisions") }} as d
        left join
            {{ ref("dim_customer_identifiers") }} as i
            on i.identifier_type = d.contact_type
            and i.identifier = d.contact_point
            and not i.is_shared
        where d.expires_at > {{ as_of() }} and d.decided_at <= {{ as_of() }}
    ),
    -- of everybody: also what was decided before a micro-run goes out with it
    held_out as (
        select distinct customer_id
        from {{ ref("fct_audience_members") }}
        where
            kind = 'suppression'
            and audience = 'holdout'
            and (expires_at is null or expires_at > {{ as_of() }})
    )
select
    -- keys
    d.decision_id,
    d.current_customer_id as customer_id,
    d.message_id,
    d.instance,
    -- identifiers
    d.contact_type,
    d.contact_point,
    -- facts
    d.campaign,
    d.channel,
    d.category,
    d.product_id,
    d.product_category,
    d.payload,
    -- times
    d.send_after,
    d.expires_at,
    d.decided_at
from unexpired as d
join {{ ref("int_messages__ready") }} as m on m.message_id = d.message_id
join {{ ref("dim_customers") }} as k on k.customer_id = d.current_customer_id
left join held_out as h on h.customer_id = k.customer_id
left join
    {{ ref("int_customer_blocks") }} as b on b.customer_id = k.customer_id and b.scope_key = '*'
left join
    {{ ref("dim_customer_consents") }} as s
    on s.customer_id = d.current_customer_id
    and s.channel = d.channel
    and s.purpose = m.purpose
-- what belongs to a programme goes out for as long as that goes on
left join
    {{ ref("fct_programme_states") }} as p
    on p.customer_id = d.current_customer_id
    and p.programme = m.programme
    and p.status in ('live', 'done')
    and p.entered_at <= d.decided_at
{% for match, key in [
        ("product", "d.product_id"),
        ("category", "d.product_category"),
        ("channel", "d.channel"),
    ] %}
    left join
        {{ ref("int_customer_blocks") }} as by_{{ match }}
        on by_{{ match }}.customer_id = d.current_customer_id
        and by_{{ match }}.scope_key = '{{ match }}:' || {{ key }}
{% endfor %}
where
    (m.programme is null or p.programme is not null)
    and coalesce(s.is_granted, m.purpose = 'transactional')
    and not coalesce(s.is_bounced, false)
    and not (m.holdout and h.customer_id is not null)
    -- the consent must be for this very address
    and (s.contact_point is null or s.contact_point = d.contact_point)
    and (
        (
            coalesce(b.block_mask, 0)
            | coalesce(by_product.block_mask, 0)
            | coalesce(by_category.block_mask, 0)
            | coalesce(by_channel.block_mask, 0)
        )
        & m.rule_mask
    )
    = 0
