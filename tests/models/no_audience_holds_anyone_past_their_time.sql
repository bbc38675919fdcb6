-- Membership has begun and has not run out; only clocks may be a day ahead.
select audience, customer_id, scope_key, entered_at, expires_at
from {{ ref("fct_audience_members") }}
where
    expires_at <= {{ as_of() }}
    or entered_at > expires_at
    or entered_at > {{ add_seconds(as_of(), "86400") }}
