-- What each contact point last agreed to, per channel and purpose. Last event wins; on a tie the
-- stricter; a grant from the future does not count yet.
with
    ranked as (
        select
            *,
            row_number() over (
                partition by contact_type, contact_point, channel, purpose
                order by
                    occurred_at desc,
                    case status when 'withdrawn' then 1 when 'unknown' then 2 else 3 end,
                    source,
                    proof,
                    coalesce(jurisdiction, '')
            ) as age_rank
        from {{ ref("int_consents_changed") }}
        where status <> 'granted' or occurred_at <= {{ as_of() }}
    )
select
    -- keys
    contact_type,
    contact_point,
    channel,
    purpose,
    -- facts
    status,
    jurisdiction,
    source,
    proof,
    -- times
    occurred_at
from ranked
where age_rank = 1
