-- Where a customer went that is no more: to whom the identifier that named it speaks today, else to
-- whom most of what it once held does.
with
    living as (
        select distinct customer_id
        from {{ ref("int_customer_assignments") }}
        where customer_id is not null
    ),
    held as (
        select
            history.customer_id,
            history.identifier_key,
            history.customer_id = 'c' || cast(history.identifier_key as string) as is_naming
        from {{ ref("int_assignment_history") }} as history
        left join living on living.customer_id = history.customer_id
        where history.customer_id is not null and living.customer_id is null
        group by history.customer_id, history.identifier_key
    ),
    heirs as (
        select
            held.customer_id,
            now.customer_id as heir_id,
            row_number() over (
                partition by held.customer_id
                order by
                    case when now.customer_id is null then 1 else 0 end,
                    max(case when held.is_naming then 1 else 0 end) desc,
                    count(*) desc,
                    now.customer_id
            ) as place
        from held
        inner join
            {{ ref("int_customer_assignments") }} as now on now.identifier_key = held.identifier_key
        group by held.customer_id, now.customer_id
    ),
    ended as (
        select previous_customer_id as customer_id, max(valid_from) as retired_at
        from {{ ref("int_assignment_history") }}
        where previous_customer_id is not null
        group by previous_customer_id
    )
select
    -- keys
    heirs.customer_id as retired_customer_id,
    heirs.heir_id as customer_id,
    -- facts
    case when heirs.heir_id is null then 'gone' else 'merged' end as kind,
    -- times
    ended.retired_at
from heirs
inner join ended on ended.customer_id = heirs.customer_id
where heirs.place = 1
