-- Which accounts logged in on a browser.
with
    sightings as (
        select
            cookie_id as record_id,
            nullif(trim(account_id), '') as account,
            nullif(trim(cookie_id), '') as cookie,
            least(occurred_at, _loaded_at) as observed_at,
            _loaded_at as loaded_at
        from {{ source("site", "events") }} as deliveries
        where {{ newly_loaded() }}
    )
select
    -- keys
    'site.events' as source,
    record_id,
    -- identifiers
    account,
    cast(null as string) as loyalty_card,
    cast(null as string) as email,
    cast(null as string) as phone,
    cast(null as string) as device_token,
    cast(null as string) as profile,
    cookie,
    cast(null as string) as payment_hash,
    cast(null as string) as name_postcode,
    -- times
    min(observed_at) as first_seen_at,
    max(observed_at) as last_seen_at,
    loaded_at
from sightings
group by record_id, account, cookie, loaded_at
