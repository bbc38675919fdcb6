-- What each order and refund was said to be, and since when: a line for every time that changed.
-- The last line up to a day is what was known on that day.
with
    past as (select * from {{ ref("stg_downbeat__conversion_versions") }}),
    numbered as (
        select *, row_number() over (partition by conversion_id order by seen_at desc) as place
        from past
    ),
    known as (select * from numbered where place = 1),
    last_look as (select max(seen_at) as looked_at from past),
    compared as (
        select
            coalesce(now_there.conversion_id, known.conversion_id) as conversion_id,
            coalesce(now_there.customer_id, '') <> coalesce(known.customer_id, '') as is_moved,
            now_there.conversion_id is not null as is_there,
            case
                when now_there.conversion_id is null
                then 'gone'
                when known.conversion_id is null and now_there.occurred_at < last_look.looked_at
                then 'late'
                when known.conversion_id is null
                then 'new'
                when not known.is_there
                then 'back'
                when
                    now_there.revenue_amount <> known.revenue_amount
                    or now_there.occurred_at <> known.occurred_at
                then 'corrected'
                when coalesce(now_there.customer_id, '') <> coalesce(known.customer_id, '')
                then 'recognised as another'
            end as change,
            case
                when now_there.conversion_id is null
                then known.customer_id
                else now_there.customer_id
            end as customer_id,
            coalesce(now_there.conversion_type, known.conversion_type) as conversion_type,
            coalesce(now_there.revenue_amount, known.revenue_amount) as revenue_amount,
            coalesce(now_there.occurred_at, known.occurred_at) as occurred_at
        from {{ ref("fct_conversions") }} as now_there
        full outer join known on known.conversion_id = now_there.conversion_id
        cross join last_look
        where now_there.conversion_id is not null or known.is_there
    )
select
    -- keys
    conversion_id,
    -- identifiers
    customer_id,
    -- facts
    conversion_type,
    revenue_amount,
    is_there,
    change,
    -- times
    occurred_at,
    seen_at
from past
union all
select
    -- keys
    conversion_id,
    -- identifiers
    customer_id,
    -- facts
    conversion_type,
    revenue_amount,
    is_there,
    change,
    -- times
    occurred_at,
    {{ as_of() }} as seen_at
from compared
where change is not null
