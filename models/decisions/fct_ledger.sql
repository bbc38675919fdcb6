-- Every candidate ever considered, chosen or not, and why: what earlier runs published and what
-- this run found.
select
    -- keys
    run_id,
    customer_id,
    message_id,
    instance,
    -- facts
    outcome,
    first_reason,
    reason_mask,
    lost_to,
    short_by,
    score,
    round,
    wish_count,
    pressure_7d,
    choice_prob,
    -- times
    hold_until,
    decided_at
from {{ ref("stg_downbeat__ledger") }}
union all
select
    -- keys
    {{ run_id() }} as run_id,
    customer_id,
    message_id,
    instance,
    -- facts
    outcome,
    first_reason,
    reason_mask,
    lost_to,
    short_by,
    score,
    round,
    wish_count,
    pressure_7d,
    choice_prob,
    -- times
    hold_until,
    {{ as_of() }} as decided_at
from {{ ref("int_ledger__this_run") }}
