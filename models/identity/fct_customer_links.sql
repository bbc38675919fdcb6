-- Every link by the customer it touches: what holds a customer together, and what was refused.
with
    links as (
        select
            left_side.customer_id as left_customer_id,
            right_side.customer_id as right_customer_id,
            links.left_type,
            links.left_identifier,
            links.right_type,
            links.right_identifier,
            links.rule,
            links.is_accepted,
            links.refusal_reason,
            links.evidence_count,
            links.sources,
            links.first_seen_at,
            links.last_seen_at
        from {{ ref("fct_identity_links") }} as links
        inner join
            {{ ref("dim_customer_identifiers") }} as left_side
            on left_side.identifier_type = links.left_type
            and left_side.identifier = links.left_identifier
        inner join
            {{ ref("dim_customer_identifiers") }} as right_side
            on right_side.identifier_type = links.right_type
            and right_side.identifier = links.right_identifier
    ),
    touched as (
        select left_customer_id as customer_id, links.*
        from links
        where left_customer_id is not null
        union all
        select right_customer_id as customer_id, links.*
        from links
        where right_customer_id is not null and right_customer_id <> coalesce(left_customer_id, '')
    )
select
    -- keys
    customer_id,
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
from touched
