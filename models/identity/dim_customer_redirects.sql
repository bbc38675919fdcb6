-- Where a customer went that is no more: to whom the identifier that named it speaks today, else to
-- whom most of what it once held does.
with
    living as (
        select distinct customer_number
        from {{ ref("int_customer_assignments") }}
        where customer_number is not null
    ),
    held as (
        select
            history.customer_number,
            history.identifier_key,
            history.customer_number = history.identifier_key as is_naming
        from {{ ref("int_assignment_changes") }} as history
        left join living on living.customer_number = history.customer_number
        where history.customer_number is not null and living.customer_number is null
        group by history.customer_number, history.identifier_key
    ),
    heirs as (
        select
            held.customer_number,
            now.customer_number as heir_number,
            row_number() over (
                partition by held.customer_number
                order by
                    case when now.customer_number is null then 1 else 0 end,
                    max(case when held.is_naming then 1 else 0 end) desc,
                    count(*) desc,
                    {{ customer_of_number("now.customer_number") }}
            ) as place
        from held
        inner join
            {{ ref("int_customer_assignments") }} as now on now.identifier_key = held.identifier_key
        group by held.customer_number, now.customer_number
    ),
    ended as (
        select previous_customer_number as customer_number, max(valid_from) as retired_at
        from {{ ref("int_assignment_changes") }}
        where previous_customer_number is not null
        group by previous_customer_number
    )
select
    -- keys
    {{ customer_of_number("heirs.customer_number") }} as retired_customer_id,
    {{ customer_of_number("heirs.heir_number") }} as customer_id,
    -- facts
    case when heirs.heir_number is null then 'gone' else 'merged' end as kind,
    -- times
    ended.retired_at
from heirs
inner join ended on ended.customer_number = heirs.customer_number
where heirs.place = 1
