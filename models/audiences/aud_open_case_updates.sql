-- Their service case moved since yesterday: the ticket's own mail.
with
    moved as (
        select
            customer_id,
            ticket_id,
            status,
            updated_at,
            row_number() over (
                partition by customer_id order by updated_at desc, ticket_id desc
            ) as recency
        from {{ ref("fct_cases") }}
        where customer_id is not null and {{ seconds_between("updated_at", as_of()) }} < 86400
    )
select
    customer_id,
    'case ' || ticket_id || ' is now ' || status as reason,
    'ticket:' || ticket_id as scope_key,
    cast(null as string) as product_id,
    cast(null as string) as product_category,
    updated_at as entered_at,
    {{ add_seconds("updated_at", 86400) }} as expires_at
from moved
where recency = 1
