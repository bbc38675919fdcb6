-- What became of each candidate that competed in the rounds: it ended in one of them, or was left
-- over when they were.
{% for round in range(7) %}
    select
        -- keys
        customer_number,
        message_number,
        instance,
        -- facts
        {{ "first_reason" if not loop.last else "coalesce(first_reason, 1940) as first_reason" }},
        reason_mask,
        extent,
        score
    from {{ ref("int_round_" ~ round) }}
    {% if not loop.last %}
        where first_reason is not null
        union all
    {% endif %}
{% endfor %}
