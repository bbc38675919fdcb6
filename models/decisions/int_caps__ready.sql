-- Caps in force now; a limit above 15 is as good as 15, because a run never sends more than that.
select
    -- keys
    policy_id,
    -- facts
    scope_type,
    scope_key,
    least(max_n, 15) as max_n,
    window_n as window_days
from {{ ref("caps") }} as caps
where {{ is_valid_now("caps") }}
