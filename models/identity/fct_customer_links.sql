-- Every link by the customer it touches: what holds a customer together, and what was refused.
select
    -- keys
    left_customer_id as customer_id,
    -- identifiers
    left_type,
    left_identifier,
    left_customer_id,
    right_type,
    right_identifier,
    right_customer_id,
    -- facts
    rule,
    is_accepted,
    refusal_reason,
    evidence_count,
    sources,
    -- times
    first_seen_at,
    last_seen_at
from {{ ref("fct_identity_links") }}
where left_customer_id is not null
union all
select
    -- keys
    right_customer_id as customer_id,
    -- identifiers
    left_type,
    left_identifier,
    left_customer_id,
    right_type,
    right_identifier,
    right_customer_id,
    -- facts
    rule,
    is_accepted,
    refusal_reason,
    evidence_count,
    sources,
    -- times
    first_seen_at,
    last_seen_at
from {{ ref("fct_identity_links") }}
where right_customer_id is not null and right_customer_id <> coalesce(left_customer_id, '')
