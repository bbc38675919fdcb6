-- Islands that still break a limit, again, without cookies, tokens, cards and phones that several
-- trusted identifiers use.
{{ config(materialized="components") }} {{ island_edges(3) }}
