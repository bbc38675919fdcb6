-- Groups that hold more than one customer has, again, by surer pairs only.
{{ config(materialized="components") }} {{ match_group_edges(2) }}
