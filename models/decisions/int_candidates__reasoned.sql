-- What became of each candidate of this run: the first reason, all reasons, and the one number that
-- the first reason is told with.
{% for decided in [
    "int_candidates__refused",
    "int_candidates__roomed",
    "int_candidates__competed",
] %}
    select
        -- keys
        customer_number,
        message_number,
        instance,
        -- facts
        first_reason,
        reason_mask,
        extent,
        score
    from {{ ref(decided) }}
    where first_reason is not null {{ "union all" if not loop.last }}
{% endfor %}
