-- Every journey: from the first touch to an order, to nothing, or still under way.
select
    -- keys
    case
        when conversion_id is not null then 'to ' || conversion_id else 'from ' || first_touch_id
    end as journey_id,
    customer_id,
    -- identifiers
    conversion_id,
    bucket,
    -- facts
    case
        when conversion_id is not null
        then 'converted'
        -- its last touch may yet lead to an order: neither a success nor a failure
        when
            not is_over
            and {{ seconds_between("last_touch_at", as_of()) }} < {{ var("journey_days") }} * 86400
        then 'open'
        else 'null'
    end as outcome,
    touch_count,
    revenue_amount,
    path,
    touch_ids,
    seconds_before,
    -- times
    started_at,
    last_touch_at,
    ended_at
from {{ ref("int_journeys") }}
where touch_count is not null
