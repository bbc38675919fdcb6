-- Was badly served lately and said so.
select
    customer_id,
    'rated our service ' || cast(min(csat_score) as string) || ' of 5' as reason,
    'all' as scope_key,
    cast(null as string) as product_id,
    cast(null as string) as product_category,
    min(updated_at) as entered_at,
    {{ add_seconds("max(updated_at)", (var("bad_csat_days") + 1) * 86400) }} as expires_at
from {{ ref("fct_cases") }}
where
    is_bad
    and customer_id is not null
    and {{ days_between("updated_at", as_of()) }} <= {{ var("bad_csat_days") }}
group by customer_id
