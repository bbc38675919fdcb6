-- Messages on their way to the tools that send them: e-mails, texts, pushes, letters and banners
-- decided and still due.
with
    due as (
        select
            s.sync_id,
            d.decision_id,
            d.customer_id,
            d.channel,
            d.contact_type,
            d.contact_point,
            d.message_id,
            d.campaign,
            d.product_id,
            d.product_category,
            d.payload,
            d.send_after,
            d.expires_at
        from {{ ref("fct_due_decisions") }} as d
        join
            {{ ref("syncs") }} as s
            on s.content = 'decisions'
            and s.mode = 'append'
            and {{ is_listed("d.channel", "s.message_channel") }}
    )
select
    -- keys
    sync_id,
    decision_id as member_key,
    -- identifiers
    {{ identity_of("contact_type", "contact_point") }} as identity,
    customer_id,
    decision_id,
    -- facts
    {{
        json_object(
            [
                ["channel", "channel"],
                ["message_id", "message_id"],
                ["campaign", "campaign"],
                ["decision_id", "decision_id"],
                ["product_id", "product_id"],
                ["product_category", "product_category"],
                ["programme", json_text("payload", "programme")],
                ["step", json_text("payload", "step")],
                ["after_message_id", json_text("payload", "after_message_id")],
                ["after_channel", json_text("payload", "after_channel")],
                ["moved_because", json_text("payload", "moved_because")],
                ["send_after", utc_text("send_after")],
                ["expires_at", utc_text("expires_at")],
            ]
        )
    }} as payload
from due
