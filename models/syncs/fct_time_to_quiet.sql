-- How long people waited until each tool left them alone: half of them, nineteen of twenty, and
-- whoever waits still.
with
    ranked as (
        select
            sync_id,
            destination,
            audience,
            waited_seconds,
            row_number() over (
                partition by sync_id, audience
                order by
                    case when waited_seconds is null then 1 else 0 end, waited_seconds, member_key
            ) as place,
            count(waited_seconds) over (partition by sync_id, audience) as confirmed_count
        from {{ ref("fct_quiet_waits") }}
    )
select
    -- keys
    sync_id,
    audience,
    -- identifiers
    destination,
    -- facts
    count(*) as asked_count,
    max(confirmed_count) as confirmed_count,
    count(*) - max(confirmed_count) as waiting_count,
    min(case when place * 2 >= confirmed_count then waited_seconds end) as p50_seconds,
    min(case when place * 20 >= confirmed_count * 19 then waited_seconds end) as p95_seconds,
    max(waited_seconds) as longest_seconds
from ranked
group by sync_id, audience, destination
