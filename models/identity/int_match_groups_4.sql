-- Groups that still break a limit, a fourth time, by pairs surer by another notch.
{{ config(materialized="components") }} {{ match_group_edges(4) }}
