-- What a tool refuses and we still want there, or gone from there: since when, and with which code.
with
    heard as (
        select
            *,
            row_number() over (
                partition by sync_id, member_key order by finished_at desc, receipt_id desc
            ) as place,
            max(case when outcome = 'accepted' then finished_at end) over (
                partition by sync_id, member_key
            ) as accepted_at
        from {{ ref("stg_downbeat__receipts") }}
    ),
    refused as (
        select
            sync_id,
            member_key,
            destination,
            max(case when place = 1 then change end) as change,
            max(case when place = 1 then code end) as code,
            count(*) as refused_count,
            min(finished_at) as first_refused_at,
            max(finished_at) as last_refused_at
        from heard
        where outcome = 'rejected' and (accepted_at is null or finished_at > accepted_at)
        group by sync_id, member_key, destination
        having max(case when place = 1 then 1 else 0 end) = 1
    ),
    wanted as (select distinct sync_id, member_key from {{ ref("sync_members") }})
select
    -- keys
    refused.sync_id,
    refused.member_key,
    -- identifiers
    refused.destination,
    -- facts
    refused.change,
    refused.code,
    refused.refused_count,
    {{ days_between("refused.first_refused_at", as_of()) }} as refused_days,
    -- times
    refused.first_refused_at,
    refused.last_refused_at
from refused
left join wanted on wanted.sync_id = refused.sync_id and wanted.member_key = refused.member_key
where (refused.change = 'remove') = (wanted.member_key is null)
