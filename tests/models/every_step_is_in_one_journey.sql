-- Touches that count as steps are in exactly one journey each.
with
    steps as (select count(*) as steps from {{ ref("int_journey_moments") }} where is_order = 0),
    walked as (select coalesce(sum(touch_count), 0) as steps from {{ ref("fct_journeys") }})
select steps.steps, walked.steps as walked
from steps
cross join walked
where steps.steps <> walked.steps
