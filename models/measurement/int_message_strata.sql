-- Per message and pressure: how many of those sent and of those withheld ordered, and whether the
-- stratum can be compared: every message on trial must have enough withheld people in it.
with
    counted as (
        select
            message_id,
            stratum,
            max(experiment) as experiment,
            sum(case when is_sent then 1.0e0 else 0.0e0 end) as sent_count,
            sum(case when is_sent then 0.0e0 else 1.0e0 end) as withheld_count,
            sum(case when is_sent then has_ordered else 0.0e0 end) as sent_orders,
            sum(case when is_sent then 0.0e0 else has_ordered end) as withheld_orders,
            sum(is_credited) as credited_orders
        from {{ ref("int_message_wins") }}
        group by message_id, stratum
    ),
    trials as (
        select count(distinct message_id) as message_count from counted where experiment is not null
    ),
    enough as (
        select stratum, count(*) as message_count, sum(sent_count + withheld_count) as people
        from counted
        where experiment is not null and withheld_count >= {{ var("least_withheld") }}
        group by stratum
    )
select
    -- keys
    counted.message_id,
    counted.stratum,
    -- identifiers
    counted.experiment,
    -- facts
    counted.sent_count,
    counted.withheld_count,
    counted.sent_orders,
    counted.withheld_orders,
    counted.credited_orders,
    counted.experiment is not null
    and coalesce(enough.message_count = trials.message_count, false) as is_common,
    enough.people,
    counted.sent_orders / nullif(counted.sent_count, 0)
    - counted.withheld_orders / nullif(counted.withheld_count, 0) as lift,
    (counted.sent_orders / nullif(counted.sent_count, 0))
    * (1 - counted.sent_orders / nullif(counted.sent_count, 0))
    / nullif(counted.sent_count - 1, 0)
    + (counted.withheld_orders / nullif(counted.withheld_count, 0))
    * (1 - counted.withheld_orders / nullif(counted.withheld_count, 0))
    / nullif(counted.withheld_count - 1, 0) as error_squared
from counted
cross join trials
left join enough on enough.stratum = counted.stratum
