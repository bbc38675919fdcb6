-- How the rounds ended for each candidate that competed: chosen in which round, refused by which
-- shared cap, beaten last by whom, or left over when the rounds were. What is open after a round
-- is in the next.
with
    ends as (
        {% for round in range(7) %}
            select
                customer_number,
                message_number,
                {{ round }} as round,
                winner_number,
                shared_policy_id,
                is_chosen,
                is_open
            from {{ ref("int_round_" ~ round) }}
            {% if not loop.last %}
                where not is_open
                union all
            {% endif %}
        {% endfor %}
    )
select
    -- keys
    customer_number,
    message_number,
    -- facts
    is_chosen,
    -- what takes no room is chosen at once
    cast(case when is_chosen then greatest(round, 1) else 0 end as bigint) as chosen_round,
    case when is_chosen then 0 else shared_policy_id end as shared_policy_id,
    -- the choice of the last round it was alive in took the room it needed
    case
        when not is_chosen and shared_policy_id = 0 and not is_open then winner_number
    end as last_winner_number
from ends
