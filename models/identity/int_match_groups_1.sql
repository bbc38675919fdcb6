-- Pairs that are sure enough, and what hangs together through them.
{{ config(materialized="components") }} {{ match_group_edges(1) }}
