-- On how many days each customer had reacted in which part of the week, by each cutoff.
{{ config(materialized="view") }}
select
    -- keys
    cutoffs.cutoff_number,
    reactions.customer_id,
    reactions.weekday_part,
    reactions.hour_band,
    -- facts
    count(distinct reactions.local_date) as day_count
from {{ ref("int_score_cutoffs") }} as cutoffs
inner join
    {{ ref("int_reactions") }} as reactions
    on reactions.occurred_at < cutoffs.cutoff_at
    and reactions.known_at <= cutoffs.cutoff_at
    and reactions.occurred_at
    >= {{ add_seconds("cutoffs.cutoff_at", "-86400 * " ~ var("habit_days")) }}
group by cutoffs.cutoff_number, reactions.customer_id, reactions.weekday_part, reactions.hour_band
