-- Past decisions with whom they belong to today: the contact point's owner, else the customer as
-- decided, or who that customer has become.
select
    -- keys
    decisions.decision_id,
    coalesce(owners.customer_id, redirects.customer_id, decisions.customer_id) as customer_id,
    -- identifiers
    decisions.contact_type,
    decisions.contact_point,
    decisions.channel,
    decisions.category,
    decisions.campaign,
    decisions.message_id,
    decisions.product_id,
    decisions.product_category,
    -- facts
    decisions.count_to_caps,
    -- times
    decisions.send_after,
    decisions.expires_at,
    decisions.decided_at
from {{ ref("stg_downbeat__decisions") }} as decisions
left join
    {{ ref("int_identifiers__owned") }} as owners
    on owners.identifier_type = decisions.contact_type
    and owners.identifier = decisions.contact_point
left join
    {{ ref("dim_customer_redirects") }} as redirects
    on redirects.retired_customer_id = decisions.customer_id
where not decisions.is_future
