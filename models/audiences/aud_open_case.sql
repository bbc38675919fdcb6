-- Has a service case that is not solved yet.
select
    customer_id,
    'open case '
    || min(ticket_id)
    || case
        when count(*) > 1 then ' and ' || cast(count(*) - 1 as string) || ' more' else ''
    end as reason,
    'all' as scope_key,
    cast(null as string) as product_id,
    cast(null as string) as product_category,
    min(opened_at) as entered_at,
    cast(null as timestamp) as expires_at
from {{ ref("fct_cases") }}
where is_open and customer_id is not null
group by customer_id
