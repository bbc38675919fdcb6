-- Who has journeys, and the batch in which what they are made of last changed: nobody else's are
-- built again. What came in is added to the stamps of its customers; the rest is looked at by 256
-- parts of the customers, and only a part that is not as it was is counted anew.
{{ config(unique_key="customer_id") }}
with
    {% if is_incremental() %}
        held as (select *, {{ row_part("customer_number") }} as part from {{ this }}),
        marks as (select max(loaded_at) as marked_at, max(batch) + 1 as batch from held),
        parts_now as (
            select {{ row_part("customer_number") }} as part, {{ journey_stamps() }}
            from {{ ref("int_journey_moments") }}
            where loaded_at <= (select marked_at from marks)
            group by {{ row_part("customer_number") }}
        ),
        parts_then as (
            select part, sum(moment_count) as moment_count, bit_xor(stamp) as stamp
            from held
            group by part
        ),
        -- by merges, splits, what was called off
        moved as (
            select coalesce(parts_now.part, parts_then.part) as part
            from parts_now
            full outer join parts_then on parts_then.part = parts_now.part
            where
                coalesce(parts_now.moment_count, 0) <> coalesce(parts_then.moment_count, 0)
                or coalesce(parts_now.stamp, 0) <> coalesce(parts_then.stamp, 0)
        ),
        added as (
            select customer_number, {{ journey_stamps() }}
            from {{ ref("int_journey_moments") }}
            where
                loaded_at > (select coalesce(marked_at, timestamp '1900-01-01') from marks)
                and {{ row_part("customer_number") }} not in (select part from moved)
            group by customer_number
        ),
        grown as (
            select *
            from added
            union all
            select customer_number, moment_count, stamp, loaded_at
            from held
            where customer_number in (select customer_number from added)
        ),
        counted as (
            select customer_number, {{ journey_stamps() }}
            from {{ ref("int_journey_moments") }}
            where {{ row_part("customer_number") }} in (select part from moved)
            group by customer_number
        ),
        changed as (
            select
                customer_number,
                sum(moment_count) as moment_count,
                bit_xor(stamp) as stamp,
                max(loaded_at) as loaded_at
            from grown
            group by customer_number
            union all
            -- also those who are no more: their moments are another customer's now
            select
                coalesce(counted.customer_number, held.customer_number) as customer_number,
                coalesce(counted.moment_count, 0) as moment_count,
                coalesce(counted.stamp, 0) as stamp,
                coalesce(counted.loaded_at, held.loaded_at) as loaded_at
            from counted
            full outer join
                (select held.* from held inner join moved on moved.part = held.part) as held
                on held.customer_number = counted.customer_number
            where
                coalesce(counted.moment_count, 0) <> coalesce(held.moment_count, 0)
                or coalesce(counted.stamp, 0) <> coalesce(held.stamp, 0)
        )
    {% else %}
        marks as (select cast(null as bigint) as batch),
        changed as (
            select customer_number, {{ journey_stamps() }}
            from {{ ref("int_journey_moments") }}
            group by customer_number
        )
    {% endif %}
select
    -- keys
    {{ customer_of_number("changed.customer_number") }} as customer_id,
    -- identifiers
    changed.customer_number,
    -- facts
    cast({{ bucket_of("'groups'", "changed.customer_number", 100) }} as bigint) as bucket,
    cast(changed.moment_count as bigint) as moment_count,
    cast(changed.stamp as bigint) as stamp,
    coalesce(marks.batch, 1) as batch,
    '{{ journey_rules() }}' as rules,
    -- times
    changed.loaded_at
from changed
cross join marks
