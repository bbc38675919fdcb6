-- Groups that still break a limit, one last time, by the surest pairs.
{{ config(materialized="components") }} {{ match_group_edges(5) }}
