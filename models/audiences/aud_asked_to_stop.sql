-- Asked in writing to be left alone, and has not agreed to anything since.
with
    requests as (
        select
            customer_id,
            record_id,
            occurred_at,
            row_number() over (
                partition by customer_id order by occurred_at desc, signal_id
            ) as recency
        from {{ ref("fct_text_signals") }}
        where signal = 'opt_out_request' and customer_id is not null
    ),
    agreed as (
        select customer_id, max(occurred_at) as agreed_at
        from {{ ref("dim_customer_consents") }}
        where is_granted and purpose = 'marketing'
        group by customer_id
    )
select
    requests.customer_id,
    'asked to be left alone in case ' || requests.record_id as reason,
    'all' as scope_key,
    cast(null as string) as product_id,
    cast(null as string) as product_category,
    requests.occurred_at as entered_at,
    cast(null as timestamp) as expires_at
from requests
left join agreed on agreed.customer_id = requests.customer_id
where
    requests.recency = 1 and (agreed.agreed_at is null or agreed.agreed_at <= requests.occurred_at)
