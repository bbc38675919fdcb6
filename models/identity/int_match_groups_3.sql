-- Groups that still break a limit, again, by pairs surer by another notch.
{{ config(materialized="components") }} {{ match_group_edges(3) }}
