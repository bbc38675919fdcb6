-- Where tools did what nobody decided, and where lists at the tools are not what is wanted.
with
    sends as (
        select
            coalesce(reports.channel, 'unknown') as channel, reports.verdict, count(*) as send_count
        from {{ ref("fct_reconciliation") }} as reports
        where
            reports.verdict in (
                'sent twice',
                'sent late',
                'decided, not sent',
                'sent over a cap',
                'sent although blocked'
            )
            and {{ days_between("coalesce(reports.sent_at, reports.decided_at)", as_of()) }}
            <= {{ var("advice_days") }}
        group by coalesce(reports.channel, 'unknown'), reports.verdict
    ),
    wanted as (select distinct sync_id, member_key from {{ ref("sync_members") }}),
    held as (
        select distinct sync_id, member_key from {{ ref("fct_sync_members") }} where is_member
    ),
    both_sides as (
        select
            coalesce(wanted.sync_id, held.sync_id) as sync_id,
            case when held.member_key is null then 1 else 0 end as is_missing,
            case when wanted.member_key is null then 1 else 0 end as is_extra
        from wanted
        full outer join
            held on held.sync_id = wanted.sync_id and held.member_key = wanted.member_key
    ),
    lists as (
        select
            both_sides.sync_id,
            count(*) as member_count,
            sum(both_sides.is_missing) as missing_count,
            sum(both_sides.is_extra) as extra_count
        from both_sides
        inner join
            {{ ref("syncs") }} as syncs
            on syncs.sync_id = both_sides.sync_id
            and syncs.mode <> 'append'
        group by both_sides.sync_id
    )
select
    'a tool does what was not decided' as kind,
    channel || ': ' || verdict as subject,
    'look into fct_reconciliation; switch off what the tool sends by itself' as advice,
    cast(send_count as string) || ' sends: ' || verdict as reason,
    'unknown: these people get more than was decided, or less' as effect_unit,
    'channels' as seed,
    'channel=' || channel as seed_key,
    cast(send_count as bigint) as weight
from sends
where send_count >= {{ var("advice_least_customers") }} or verdict = 'sent although blocked'
union all
select
    'a list is out of agreement' as kind,
    sync_id as subject,
    'see what `downbeat plan` says of it, and its receipts' as advice,
    cast(missing_count as string)
    || ' wanted and not there, '
    || cast(extra_count as string)
    || ' there and not wanted; before this run speaks' as reason,
    'unknown: until it agrees, the list is not what was decided' as effect_unit,
    'syncs' as seed,
    'sync_id=' || sync_id as seed_key,
    cast(missing_count + extra_count as bigint) as weight
from lists
where
    -- what was never spoken is not out of agreement yet
    missing_count < member_count
    and missing_count + extra_count >= {{ var("advice_least_customers") }}
    and (missing_count + extra_count) * 100 > member_count * {{ var("advice_disagreeing_percent") }}
