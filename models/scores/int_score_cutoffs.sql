-- The moments at which customers are looked at: now, and some in the past whose future is known.
with
    begins as (
        select kind, min(occurred_at) as first_at
        from {{ ref("int_score_events") }}
        where kind in ('order', 'visit', 'sent')
        group by kind
    ),
    history as (select max(first_at) as begins_at from begins),
    numbers as (
        {% for number in range(var("score_cutoffs") + 1) -%}
            select {{ number }} as cutoff_number {{ "union all" if not loop.last }}
        {% endfor -%}
    ),
    cutoffs as (
        select
            cutoff_number,
            {{ add_seconds(as_of(), "cutoff_number * -86400 * " ~ var("score_horizon_days")) }}
            as cutoff_at
        from numbers
    )
select
    -- keys
    cutoffs.cutoff_number,
    -- times
    cutoffs.cutoff_at,
    {{ add_seconds("cutoffs.cutoff_at", "86400 * " ~ var("score_horizon_days")) }} as ends_at
from cutoffs
cross join history
where
    cutoffs.cutoff_number = 0
    or cutoffs.cutoff_at
    >= {{ add_seconds("history.begins_at", "86400 * " ~ var("score_history_days")) }}
