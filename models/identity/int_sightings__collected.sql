-- Every record of every channel and the identifiers it carried, erased ones included: for no other
-- eyes than int_identifier_sightings. A new channel is one more name in this list.
{{ config(materialized="view") }}
{% set sightings = [
    "stg_shop__account_identifiers",
    "stg_shop__order_identifiers",
    "stg_loyalty__member_identifiers",
    "stg_pos__receipt_identifiers",
    "stg_pos__coupon_identifiers",
    "stg_klaviyo__profile_identifiers",
    "stg_site__browser_identifiers",
    "stg_desk__ticket_identifiers",
    "stg_mailhouse__recipient_identifiers",
    "stg_preferences__contact_identifiers",
] %}
{% for sighting in sightings %}
    select
        source,
        record_id,
        {{ identifier_columns() | join(", ") }},
        first_seen_at,
        last_seen_at,
        loaded_at
    from {{ ref(sighting) }} {{ "union all" if not loop.last }}
{% endfor %}
