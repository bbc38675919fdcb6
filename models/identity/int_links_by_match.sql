-- Which records make islands one customer although no identifier does: every pair that
-- was sure enough when its group settled. Empty while joining by match is switched off.
with
    pairs as (
        select
            one.identifier_key as one_key,
            other.identifier_key as other_key,
            'match: ' || {{ match_words("pairs") }} as rule
        from {{ ref("int_match_pairs") }} as pairs
        inner join
            {{ ref("int_match_groups") }} as left_group on left_group.island_key = pairs.left_key
        inner join
            {{ ref("int_match_groups") }} as right_group
            on right_group.island_key = pairs.right_key
            and right_group.group_key = left_group.group_key
        inner join {{ ref("int_match_people") }} as one on one.record_key = pairs.left_key
        inner join {{ ref("int_match_people") }} as other on other.record_key = pairs.right_key
        where
            {{ var("match_joins") }}
            and pairs.is_sure
            and pairs.weight
            >= {{ var("match_sure_from") }} + (left_group.step - 1) * {{ var("match_notch") }}
    )
select
    -- keys
    left_side.identifier_key as left_key,
    right_side.identifier_key as right_key,
    {{ customer_of_number("owner.customer_number") }} as customer_id,
    -- identifiers
    left_side.identifier_type as left_type,
    left_side.identifier as left_identifier,
    right_side.identifier_type as right_type,
    right_side.identifier as right_identifier,
    -- facts
    pairs.rule
from pairs
inner join
    {{ ref("int_identifiers_observed") }} as left_side
    on left_side.identifier_key = least(pairs.one_key, pairs.other_key)
inner join
    {{ ref("int_identifiers_observed") }} as right_side
    on right_side.identifier_key = greatest(pairs.one_key, pairs.other_key)
inner join
    {{ ref("int_customer_assignments") }} as owner
    on owner.identifier_key = left_side.identifier_key
