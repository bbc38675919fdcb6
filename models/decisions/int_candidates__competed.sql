-- What became of each candidate that competed in the rounds.
select
    -- keys
    r.customer_number,
    r.message_number,
    r.instance,
    -- facts
    case
        when e.is_chosen and (r.reason_mask & 2048) <> 0
        then case when x.gives_place then 1901 else 1900 end
        when e.is_chosen
        then 0
        when e.shared_policy_id <> 0
        then e.shared_policy_id
        when e.last_winner_number is not null
        then 2000
        else 1940
    end as first_reason,
    r.reason_mask
    + case when e.last_winner_number is not null then 256 else 0 end
    + case when e.shared_policy_id <> 0 then 32768 else 0 end as reason_mask,
    case when e.is_chosen then e.chosen_round else e.last_winner_number end as extent,
    r.score
from {{ ref("int_candidates__roomed") }} as r
left join
    {{ ref("int_rounds__ended") }} as e
    on e.customer_number = r.customer_number
    and e.message_number = r.message_number
left join
    {{ ref("int_candidates__excepted") }} as x
    on x.customer_number = r.customer_number
    and x.message_number = r.message_number
where r.first_reason is null
