-- Islands that still break a limit, again, without e-mail addresses that several
-- trusted identifiers use.
{{ config(materialized="components") }} {{ island_edges(5) }}
