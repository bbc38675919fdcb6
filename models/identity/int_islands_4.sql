-- Islands that still break a limit, again, without any cookie, token, payment card or phone.
{{ config(materialized="components") }} {{ island_edges(4) }}
