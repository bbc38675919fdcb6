-- By every rule the credits of a journey are one order, to the millionth.
select journey_id
from {{ ref("fct_journey_credits") }}
group by journey_id
having
    sum(first_micro) <> 1000000
    or sum(last_micro) <> 1000000
    or sum(linear_micro) <> 1000000
    or sum(position_micro) <> 1000000
    or sum(time_decay_micro) <> 1000000
    or sum(shapley_channel_micro) <> 1000000
    or sum(shapley_campaign_micro) <> 1000000
