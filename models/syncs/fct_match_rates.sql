-- How many of the people on each list its ad platform found among its own, as it said last: a list
-- that is sent whole and matched by few does little.
with
    told as (
        select
            *, row_number() over (partition by sync_id order by reported_at desc, load_id) as place
        from {{ ref("stg_downbeat__match_reports") }}
        where people_to is not null or percent_to is not null
    ),
    held as (
        select sync_id, count(*) as member_count
        from {{ ref("fct_sync_members") }}
        where is_member
        group by sync_id
    ),
    counted as (
        select told.*, coalesce(held.member_count, 0) as member_count
        from told
        left join held on held.sync_id = told.sync_id
        where told.place = 1
    )
select
    -- keys
    sync_id,
    -- identifiers
    destination,
    -- facts
    member_count,
    people_from,
    people_to,
    coalesce(
        percent_from,
        case
            when member_count > 0 then {{ whole_division("people_from * 100", "member_count") }}
        end
    ) as percent_from,
    coalesce(
        percent_to,
        case when member_count > 0 then {{ whole_division("people_to * 100", "member_count") }} end
    ) as percent_to,
    -- times
    reported_at
from counted
