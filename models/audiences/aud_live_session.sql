-- Is on the site right now; nobody should be talked to from behind.
select
    customer_id,
    'on the site since ' || cast(last_visit_at as string) as reason,
    'all' as scope_key,
    cast(null as string) as product_id,
    cast(null as string) as product_category,
    last_visit_at as entered_at,
    {{ add_seconds("last_visit_at", var("live_session_minutes") * 60) }} as expires_at
from {{ ref("fct_intent") }}
where is_live_session
