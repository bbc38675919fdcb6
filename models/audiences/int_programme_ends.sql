-- How each life ended, and by which other programme one that goes on is suspended. No step can
-- have starved while it was, nor before anybody decided.
{{ config(materialized="table") }}
with
    first_run as (
        select coalesce(min(decided_at), {{ as_of() }}) as decided_at
        from {{ ref("stg_downbeat__decision_runs") }}
        where not is_future
    ),
    ends as (
        select
            *,
            least(
                coalesce(converted_at, over_at),
                coalesce(exited_at, over_at),
                coalesce(replaced_at, over_at),
                over_at
            ) as end_at
        from {{ ref("int_programme_lives") }}
    ),
    ended as (
        select
            *,
            case when end_at <= {{ as_of() }} then end_at end as ended_at,
            case
                when end_at > {{ as_of() }}
                then null
                when converted_at = end_at
                then 'converted'
                when exited_at = end_at
                then 'exited'
                when replaced_at = end_at
                then 'replaced'
                else 'expired'
            end as ended_by
        from ends
    ),
    suspensions as (
        select
            e.programme,
            e.customer_id,
            e.instance,
            min(case when s.ended_at is null then s.programme end) as suspended_by,
            max(s.ended_at) as resumed_at
        from ended as e
        join
            ended as s
            on s.customer_id = e.customer_id
            and s.programme <> e.programme
            and {{ is_listed("e.programme", "s.suspends") }}
            and coalesce(s.ended_at > e.entered_at, true)
        where e.ended_at is null
        group by e.programme, e.customer_id, e.instance
    )
select
    -- keys
    e.programme,
    e.customer_id,
    e.instance,
    -- facts
    e.product_id,
    e.product_category,
    e.ended_by,
    s.suspended_by,
    -- times
    e.entered_at,
    e.over_at,
    e.ended_at,
    greatest(f.decided_at, coalesce(s.resumed_at, f.decided_at)) as free_from,
    coalesce(e.ended_at, {{ as_of() }}) as seen_at
from ended as e
cross join first_run as f
left join
    suspensions as s
    on s.programme = e.programme
    and s.customer_id = e.customer_id
    and s.instance = e.instance
