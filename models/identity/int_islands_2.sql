-- Islands that break a limit, again, without names at a postcode.
{{ config(materialized="components") }} {{ island_edges(2) }}
