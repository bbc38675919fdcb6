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
    {{ identifiers_sighted("site.events", ["account", "cookie"]) }}
