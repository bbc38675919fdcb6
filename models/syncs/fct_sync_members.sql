-- What each tool acknowledged last about each member of each list.
with
    accepted as (
        select
            sync_id,
            destination,
            member_key,
            decision_id,
            release_id,
            content_hash,
            change,
            finished_at,
            row_number() over (
                partition by sync_id, member_key order by finished_at desc, receipt_id desc
            ) as place
        from {{ ref("stg_downbeat__receipts") }}
        where outcome = 'accepted'
    )
select
    -- keys
    sync_id,
    member_key,
    -- identifiers
    destination,
    decision_id,
    release_id,
    -- facts
    content_hash,
    change <> 'remove' as is_member,
    -- times
    finished_at as changed_at
from accepted
where place = 1
