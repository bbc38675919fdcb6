-- Every link by the customer it touches: what holds a customer together, be it
-- identifiers or records that match, and what was refused.
{% for side in ["left", "right"] %}
    select
        -- keys
        {{ side }}_customer_id as customer_id,
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
    where
        {{ side }}_customer_id is not null
        -- within one customer a link stands once
        {% if side == "right" %} and right_customer_id <> coalesce(left_customer_id, '') {% endif %}
    union all
{% endfor %}
select
    -- keys
    customer_id,
    -- identifiers
    left_type,
    left_identifier,
    customer_id as left_customer_id,
    right_type,
    right_identifier,
    customer_id as right_customer_id,
    -- facts
    rule,
    true as is_accepted,
    cast(null as string) as refusal_reason,
    0 as evidence_count,
    cast(null as string) as sources,
    -- times
    cast(null as timestamp) as first_seen_at,
    cast(null as timestamp) as last_seen_at
from {{ ref("int_links_by_match") }}
