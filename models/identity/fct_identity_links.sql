-- Every link between two identifiers, accepted or refused, with its rule and its evidence.
{{ config(materialized="carried", unique_key=["left_key", "right_key"]) }}
{% set before = identity_before() %}
with
    owners as (
        select
            identifier_key,
            identifier_type,
            identifier,
            step,
            {{ customer_of_number("customer_number") }} as customer_id
        from {{ identifiers_to_tell(before) }} as identifiers
    ),
    links as (
        select
            moved.*,
            left_side.identifier_type as left_type,
            left_side.identifier as left_identifier,
            right_side.identifier_type as right_type,
            right_side.identifier as right_identifier,
            left_side.customer_id as left_customer_id,
            right_side.customer_id as right_customer_id,
            coalesce(
                moved.refusal_reason,
                case
                    when moved.gives_way_at < left_side.step
                    then
                        'gave way: it would have joined more trusted identifiers than one customer has'
                end
            ) as told_reason
        from {{ links_moved(before) }} as moved
        inner join owners as left_side on left_side.identifier_key = moved.left_key
        inner join owners as right_side on right_side.identifier_key = moved.right_key
    )
select
    -- keys
    left_key,
    right_key,
    -- identifiers
    left_type,
    left_identifier,
    right_type,
    right_identifier,
    left_customer_id,
    right_customer_id,
    -- facts
    rule,
    told_reason is null as is_accepted,
    told_reason as refusal_reason,
    evidence_count,
    sources,
    -- times
    first_seen_at,
    last_seen_at
from links
