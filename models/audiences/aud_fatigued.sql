-- Heard from us often lately and hardly reacted: opens that no machine made, clicks, coupons and
-- visits are few beside the contacts that caps count.
with
    contacts as (
        select customer_id, count(*) as contact_count, max(counted_at) as last_contact_at
        from {{ ref("fct_contacts") }}
        where
            customer_id is not null
            and count_to_caps
            and not is_estimate
            and state <> 'released'
            and counted_at <= {{ as_of() }}
            and {{ days_between("counted_at", as_of()) }} < {{ var("fatigue_days") }}
        group by customer_id
        having count(*) >= {{ var("fatigue_least_contacts") }}
    ),
    reactions as (
        select customer_id, occurred_at
        from {{ ref("fct_contact_events") }}
        where
            contact_type in ('opened', 'clicked', 'redeemed')
            and not is_machine
            and occurred_at <= {{ as_of() }}
        union all
        select customer_id, occurred_at
        from {{ ref("fct_customer_events") }}
        where event in ('visited', 'ordered')
    ),
    reacted as (
        select customer_id, count(*) as reaction_count
        from reactions
        where {{ days_between("occurred_at", as_of()) }} < {{ var("fatigue_days") }}
        group by customer_id
    )
select
    contacts.customer_id,
    cast(contacts.contact_count as string)
    || ' contacts in {{ var("fatigue_days") }} days, '
    || cast(coalesce(reacted.reaction_count, 0) as string)
    || ' reactions' as reason,
    'all' as scope_key,
    cast(null as string) as product_id,
    cast(null as string) as product_category,
    contacts.last_contact_at as entered_at,
    cast(null as timestamp) as expires_at
from contacts
left join reacted on reacted.customer_id = contacts.customer_id
where
    100 * coalesce(reacted.reaction_count, 0)
    < {{ var("fatigue_below_percent") }} * contacts.contact_count
