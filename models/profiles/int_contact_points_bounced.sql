-- Contact points that last bounced: nothing was delivered, opened or clicked since.
with
    events as (
        select
            case
                channel when 'email' then 'email' when 'sms' then 'phone' else 'device_token'
            end as contact_type,
            case
                channel when 'email' then email when 'sms' then phone else device_token
            end as contact_point,
            case when contact_type = 'bounced' then occurred_at end as bounced_at,
            case
                when
                    contact_type = 'delivered'
                    or (contact_type in ('opened', 'clicked') and not is_machine)
                then occurred_at
            end as reached_at
        from {{ ref("stg_klaviyo__events") }}
        where not is_future
    )
select contact_type, contact_point, max(bounced_at) as bounced_at
from events
where contact_point is not null
group by contact_type, contact_point
having max(bounced_at) >= coalesce(max(reached_at), timestamp '1900-01-01 00:00:00')
