-- Everything that must be at a tool now, exactly as the tool will see it. What changes is found
-- against the ledgers.
with
    members as (
        {% for list in [
            "sync_decided_messages",
            "sync_people_left_alone",
            "sync_audience_lists",
            "sync_ad_audiences",
            "sync_till_cards",
        ] %}
            select sync_id, member_key, identity, payload, customer_id, decision_id
            from {{ ref(list) }} {{ "union all" if not loop.last }}
        {% endfor %}
    )
select
    -- keys
    m.sync_id,
    m.member_key,
    -- identifiers
    m.identity,
    m.customer_id,
    m.decision_id,
    -- facts
    m.payload,
    {{ sha256_hex("m.identity || m.payload") }} as content_hash,
    s.polarity
from members as m
join {{ ref("syncs") }} as s on s.sync_id = m.sync_id
