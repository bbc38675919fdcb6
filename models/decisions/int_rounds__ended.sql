-- How the rounds ended for each competing candidate: chosen in which round, or beaten last by whom.
with
    rounds as (
        {% for round in [1, 2, 3] %}
            select customer_id, message_number, {{ round }} as round, winner_number, is_chosen
            from {{ ref("int_round_" ~ round) }} {{ "union all" if not loop.last }}
        {% endfor %}
    )
select
    -- keys
    customer_id,
    message_number,
    -- facts
    cast(max(case when is_chosen then round else 0 end) as bigint) as chosen_round,
    -- the choice of the last round it was alive in took the room it needed
    max(round * 1024 + winner_number) % 1024 as last_winner_number
from rounds
group by customer_id, message_number
