-- Every link between two identifiers, accepted or refused, with its rule and its evidence.
{{ config(materialized="carried", unique_key=["left_key", "right_key"]) }}
{% set before = identity_before() %}
with
    owners as (
        select
            identifier_key,
            identifier_type,
            identifier,
            {{ customer_of_number("customer_number") }} as customer_id
        from {{ identifiers_to_tell(before) }} as identifiers
    ),
    links as (
        select
            links.left_key,
            links.right_key,
            links.rule,
            coalesce(
                links.refusal_reason,
                case
                    when links.gives_way_at < islands.step
                    then
                        'gave way: it would have joined more trusted identifiers than one customer has'
                end
            ) as refusal_reason,
            links.evidence_count,
            links.sources,
            links.first_seen_at,
            links.last_seen_at
        from {{ links_among(ref("int_links_judged"), ref("int_links_moved"), before) }} as links
        inner join
            {{ ref("int_identifier_islands") }} as islands
            on islands.identifier_key = links.left_key
    )
select
    -- keys
    links.left_key,
    links.right_key,
    -- identifiers
    left_side.identifier_type as left_type,
    left_side.identifier as left_identifier,
    right_side.identifier_type as right_type,
    right_side.identifier as right_identifier,
    left_side.customer_id as left_customer_id,
    right_side.customer_id as right_customer_id,
    -- facts
    links.rule,
    links.refusal_reason is null as is_accepted,
    links.refusal_reason,
    links.evidence_count,
    links.sources,
    -- times
    links.first_seen_at,
    links.last_seen_at
from links
inner join owners as left_side on left_side.identifier_key = links.left_key
inner join owners as right_side on right_side.identifier_key = links.right_key
