-- From when on somebody must be left alone, and when each tool confirmed it: per list of people to
-- leave alone, since the first run.
with
    begun as (select min(decided_at) as begun_at from {{ ref("stg_downbeat__decision_runs") }}),
    asked as (
        select
            l.sync_id,
            l.member_key,
            a.audience,
            s.destination,
            min(l.customer_id) as customer_id,
            max(a.entered_at) as asked_at
        from {{ ref("sync_people_left_alone") }} as l
        join {{ ref("syncs") }} as s on s.sync_id = l.sync_id
        join
            {{ ref("fct_audience_members") }} as a
            on a.customer_id = l.customer_id
            and a.kind = 'suppression'
            and {{ is_listed("a.audience", "s.audience") }}
        group by l.sync_id, l.member_key, a.audience, s.destination
    ),
    heard as (
        select
            a.sync_id,
            a.member_key,
            a.audience,
            max(
                case
                    when r.change <> 'remove' and r.finished_at <= a.asked_at then r.finished_at
                end
            ) as on_before_at,
            max(
                case when r.change = 'remove' and r.finished_at <= a.asked_at then r.finished_at end
            ) as off_before_at,
            min(
                case when r.change <> 'remove' and r.finished_at > a.asked_at then r.finished_at end
            ) as on_after_at
        from asked as a
        join
            {{ ref("stg_downbeat__receipts") }} as r
            on r.sync_id = a.sync_id
            and r.member_key = a.member_key
            and r.outcome = 'accepted'
        group by a.sync_id, a.member_key, a.audience
    ),
    confirmed as (
        select
            asked.*,
            case
                when
                    heard.on_before_at is not null
                    and (heard.off_before_at is null or heard.off_before_at < heard.on_before_at)
                then asked.asked_at
                else heard.on_after_at
            end as confirmed_at
        from asked
        left join
            heard
            on heard.sync_id = asked.sync_id
            and heard.member_key = asked.member_key
            and heard.audience = asked.audience
    )
select
    -- keys
    c.sync_id,
    c.member_key,
    c.audience,
    -- identifiers
    c.destination,
    c.customer_id,
    -- facts
    {{ seconds_between("c.asked_at", "c.confirmed_at") }} as waited_seconds,
    -- times
    c.asked_at,
    c.confirmed_at
from confirmed as c
cross join begun
where c.asked_at > begun.begun_at
