-- Identifiers that hang together through links nobody refused.
-- depends_on: {{ ref("int_islands_met") }}
{{
    config(
        materialized="components", carried=true, known=["int_islands_met", "int_islands_loosened"]
    )
}}
{% set before = identity_before() %}
{% if not before %}
    select left_key as a, right_key as b, true as is_link
    from {{ ref("int_links_judged") }}
    where refusal_reason is null
{% else %}
    select left_key as a, right_key as b, true as is_link
    from {{ ref("int_links_judged") }}
    where refusal_reason is null and {{ is_new_to_identity("ruled_batch", before) }}
    union all
    select left_key as a, right_key as b, true as is_link
    from {{ ref("int_links_judged") }}
    where
        refusal_reason is null and left_key in (select node from {{ ref("int_islands_loosened") }})
    union all
    select distinct component as a, component as b, false as is_link
    from {{ ref("int_islands_loosened") }}
{% endif %}
