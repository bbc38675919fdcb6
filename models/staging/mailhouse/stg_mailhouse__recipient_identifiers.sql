-- Which loyalty cards were written to by letter.
with
    sightings as (
        select
            trim(loyalty_card) as record_id,
            nullif(trim(loyalty_card), '') as loyalty_card,
            least(mailed_at, _loaded_at) as observed_at,
            _loaded_at as loaded_at
        from {{ source("mailhouse", "mailings") }} as deliveries
        where {{ newly_loaded() }}
    )
    {{ identifiers_sighted("mailhouse.mailings", ["loyalty_card"]) }}
