-- Has heard enough from us: a ceiling over all channels together is reached.
with
    -- Contacts per customer and day first, so that the few ceilings widen little.
    contacts as (
        select customer_id, counted_at, count(*) as contact_count
        from {{ ref("fct_contacts") }}
        where
            customer_id is not null
            and count_to_caps
            and not is_estimate
            and state <> 'released'
            and {{ days_between("counted_at", as_of()) }} <= {{ var("contact_history_days") }}
        group by customer_id, counted_at
    ),
    ceilings as (
        select policy_id, max_n, window_n, window_unit
        from {{ ref("caps") }}
        where
            scope_type = 'global'
            and unit = 'customer'
            and segment = '*'
            and window_kind = 'rolling'
            and cast(valid_from as date) <= cast({{ as_of() }} as date)
            and coalesce(cast(valid_to as date) >= cast({{ as_of() }} as date), true)
    ),
    counted as (
        select
            contacts.customer_id,
            ceilings.policy_id,
            ceilings.max_n,
            ceilings.window_n,
            ceilings.window_unit,
            sum(contacts.contact_count) as contact_count,
            max(contacts.counted_at) as last_contact_at
        from contacts
        inner join
            ceilings
            on (
                ceilings.window_unit = 'day'
                and {{ days_between("contacts.counted_at", as_of()) }} < ceilings.window_n
            )
            or (
                ceilings.window_unit = 'hour'
                and {{ seconds_between("contacts.counted_at", as_of()) }} < ceilings.window_n * 3600
            )
        group by
            contacts.customer_id,
            ceilings.policy_id,
            ceilings.max_n,
            ceilings.window_n,
            ceilings.window_unit
    ),
    reached as (
        select
            *,
            row_number() over (partition by customer_id order by window_n desc, policy_id) as place
        from counted
        where contact_count >= max_n
    )
select
    customer_id,
    cast(contact_count as string)
    || ' contacts in '
    || cast(window_n as string)
    || ' '
    || window_unit
    || case when window_n > 1 then 's' else '' end as reason,
    'all' as scope_key,
    cast(null as string) as product_id,
    cast(null as string) as product_category,
    last_contact_at as entered_at,
    cast(null as timestamp) as expires_at
from reached
where place = 1
