-- Identifiers that hang together through links nobody refused.
{{ config(materialized="components") }}
select left_key as a, right_key as b
from {{ ref("int_links_judged") }}
where refusal_reason is null
