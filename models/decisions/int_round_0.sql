-- Before the first round: what competes, with its rooms. What takes no room is chosen at once, as
-- far as the caps it shares have room. Each way to begin is asked for apart, so that a reader of
-- what is open, which is nearly all, or of what has ended passes over the others.
with
    ends as (
        select customer_number, message_number, min(policy_id) as shared_policy_id
        from {{ ref("int_shared_places") }}
        where is_bound and room < needs
        group by customer_number, message_number
    )
{% for way, first_reason, reason_mask, extent in [
        (
            "m.count_to_caps and e.customer_number is null",
            "null",
            "r.reason_mask",
            "null",
        ),
        (
            "not m.count_to_caps and e.customer_number is null",
            reason_of_choice("r", "false"),
            "r.reason_mask",
            "1",
        ),
        (
            "e.customer_number is not null",
            "e.shared_policy_id",
            "r.reason_mask + 32768",
            "null",
        ),
    ] %}
    select
        -- keys
        {{ candidate_columns("r") }},
        r.instance,
        -- facts
        cast({{ first_reason }} as bigint) as first_reason,
        {{ reason_mask }} as reason_mask,
        cast({{ extent }} as bigint) as extent,
        r.score,
        r.rooms
    from {{ ref("int_candidates__roomed") }} as r
    join {{ ref("int_messages__ready") }} as m on m.message_number = r.message_number
    left join
        ends as e on e.customer_number = r.customer_number and e.message_number = r.message_number
    where r.choice_key is not null and {{ way }} {{ "union all" if not loop.last }}
{% endfor %}
