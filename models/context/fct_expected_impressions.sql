-- How often a member of our ad audiences will have seen an ad, day by day: the share of members
-- that was reached times how often each of those was. An estimate about everybody in the
-- audience, never an observation of anybody.
with
    entries as (
        select d.customer_id, r.sync_id, r.member_key, r.finished_at as added_at
        from {{ ref("stg_downbeat__receipts") }} as r
        join
            {{ ref("int_decisions__recognised") }} as d
            on d.decision_id = r.decision_id
            and d.channel = 'paid_social'
        where r.change = 'add' and r.outcome = 'accepted' and not r.is_future
    ),
    memberships as (
        select e.customer_id, e.added_at, coalesce(min(r.finished_at), {{ as_of() }}) as removed_at
        from entries as e
        left join
            {{ ref("stg_downbeat__receipts") }} as r
            on r.sync_id = e.sync_id
            and r.member_key = e.member_key
            and r.change = 'remove'
            and r.outcome = 'accepted'
            and r.finished_at >= e.added_at
        group by e.customer_id, e.sync_id, e.member_key, e.added_at
    ),
    reported as (
        select
            date_start as shown_date,
            cast(sum(reach) as bigint) as reach,
            cast(sum(impressions) as bigint) as impressions
        from {{ ref("stg_meta__campaign_insights") }}
        where
            not is_future
            and campaign
            in (select campaign from {{ ref("messages") }} where channel = 'paid_social')
        group by date_start
        having sum(reach) > 0
    ),
    present as (
        select distinct m.customer_id, r.shown_date, r.reach, r.impressions
        from memberships as m
        join
            reported as r
            on r.shown_date >= cast(m.added_at as date)
            and r.shown_date <= cast(m.removed_at as date)
            and {{ days_between("r.shown_date", as_of()) }} <= {{ var("contact_history_days") }}
    ),
    counted as (select *, count(*) over (partition by shown_date) as member_count from present)
select
    -- keys
    customer_id,
    shown_date,
    -- facts
    cast(member_count as bigint) as member_count,
    reach,
    impressions,
    cast(
        round(1000.0e0 * least(reach, member_count) / member_count * impressions / reach) as bigint
    ) as expected_milli,
    true as is_estimate
from counted
