-- Why an identifier belongs to its customer: the next identifier on the shortest way to the one
-- that names the customer, and the link that leads there. Follow previous_identifier all the way.
{{ config(materialized="view") }}
with
    links as (
        {% for one, other in [("left", "right"), ("right", "left")] %}
            select
                {{ one }}_key as one_key,
                {{ other }}_key as other_key,
                rule,
                evidence_count,
                sources,
                first_seen_at,
                last_seen_at
            from {{ ref("fct_identity_links") }}
            where is_accepted
            union all
            select
                {{ one }}_key as one_key,
                {{ other }}_key as other_key,
                rule,
                0 as evidence_count,
                cast(null as string) as sources,
                cast(null as timestamp) as first_seen_at,
                cast(null as timestamp) as last_seen_at
            from {{ ref("int_links_by_match") }} {{ "union all" if not loop.last }}
        {% endfor %}
    )
select
    -- keys
    {{ customer_of_number("assignments.customer_number") }} as customer_id,
    identifiers.identifier_type,
    identifiers.identifier,
    -- identifiers
    previous.identifier_type as previous_type,
    previous.identifier as previous_identifier,
    -- facts
    steps.distance,
    links.rule,
    links.evidence_count,
    links.sources,
    -- times
    links.first_seen_at,
    links.last_seen_at
from {{ ref("int_customer_assignments") }} as assignments
inner join
    {{ ref("int_identifiers_observed") }} as identifiers
    on identifiers.identifier_key = assignments.identifier_key
left join {{ ref("int_identifier_steps") }} as steps on steps.node = assignments.identifier_key
left join
    {{ ref("int_identifiers_observed") }} as previous on previous.identifier_key = steps.previous
left join links on links.one_key = steps.previous and links.other_key = steps.node
where assignments.customer_number is not null
