-- Who has journeys, and the batch in which what they are made of last changed: nobody
-- else's are built again.
{{ config(unique_key="customer_id") }}
with
    now_there as (
        select
            customer_id,
            count(*) as moment_count,
            {{
                row_stamp(
                    [
                        "occurred_at",
                        "is_order",
                        "moment_id",
                        "coalesce(step_number, 0)",
                        "coalesce(revenue_amount, 0)",
                    ]
                )
            }} as stamp
        from {{ ref("int_journey_moments") }}
        group by customer_id
    ),
    {% if is_incremental() %}
        held as (select customer_id, moment_count, stamp from {{ this }}),
        batches as (select coalesce(max(batch), 0) + 1 as batch from {{ this }}),
    {% else %}
        -- nobody is known yet
        held as (select * from now_there where 1 = 0),
        batches as (select cast(1 as bigint) as batch),
    {% endif %}
    changed as (
        -- also those who are no more: their moments are another customer's now
        select
            coalesce(now_there.customer_id, held.customer_id) as customer_id,
            coalesce(now_there.moment_count, 0) as moment_count,
            coalesce(now_there.stamp, '') as stamp
        from now_there
        full outer join held on held.customer_id = now_there.customer_id
        where
            now_there.customer_id is null
            and held.moment_count > 0
            or now_there.customer_id is not null
            and (
                held.customer_id is null
                or now_there.moment_count <> held.moment_count
                or now_there.stamp <> held.stamp
            )
    )
select
    -- keys
    changed.customer_id,
    -- facts
    cast({{ bucket_of("'groups'", "changed.customer_id", 100) }} as bigint) as bucket,
    changed.moment_count,
    changed.stamp,
    batches.batch
from changed
cross join batches
