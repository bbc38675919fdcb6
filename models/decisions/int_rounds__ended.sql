-- How the rounds ended for each candidate that competed: chosen in which round, refused by which
-- shared cap, beaten last by whom, or left over when the rounds were.
with
    rounds as (
        {% for round in range(7) %}
            select
                customer_id,
                message_number,
                {{ round }} as round,
                winner_number,
                shared_policy_id,
                is_chosen,
                is_open
            from {{ ref("int_round_" ~ round) }} {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    lasts as (
        select customer_id, message_number, max(round) as round
        from rounds
        group by customer_id, message_number
    )
select
    -- keys
    r.customer_id,
    r.message_number,
    -- facts
    r.is_chosen,
    -- what takes no room is chosen at once
    cast(case when r.is_chosen then greatest(r.round, 1) else 0 end as bigint) as chosen_round,
    case when r.is_chosen then 0 else r.shared_policy_id end as shared_policy_id,
    -- the choice of the last round it was alive in took the room it needed
    case
        when not r.is_chosen and r.shared_policy_id = 0 and not r.is_open then r.winner_number
    end as last_winner_number
from rounds as r
join
    lasts as l
    on l.customer_id = r.customer_id
    and l.message_number = r.message_number
    and l.round = r.round
