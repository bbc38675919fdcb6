-- Records that may be one person although no identifier says so: how well they agree, what that
-- weighs, and what was decided. Only people decide what is in review.
with
    judged as (
        select
            pairs.*,
            one.identifier_key as left_identifier_key,
            other.identifier_key as right_identifier_key,
            coalesce(left_group.group_key = right_group.group_key, false) as is_joined,
            {{ match_words("pairs") }} as words
        from {{ ref("int_match_pairs") }} as pairs
        inner join {{ ref("int_match_people") }} as one on one.record_key = pairs.left_key
        inner join {{ ref("int_match_people") }} as other on other.record_key = pairs.right_key
        left join
            {{ ref("int_match_groups") }} as left_group on left_group.island_key = pairs.left_key
        left join
            {{ ref("int_match_groups") }} as right_group on right_group.island_key = pairs.right_key
    ),
    decided as (
        select
            *,
            case
                when cut_reason is not null
                then 'reject'
                when is_joined
                then 'auto'
                when weight >= {{ var("match_review_from") }}
                then 'review'
                else 'reject'
            end as decision,
            case
                when cut_reason is not null
                then 'cut by hand: ' || cut_reason
                when is_joined
                then 'one customer'
                when is_sure and not {{ var("match_joins") }}
                then 'sure, but joining by match is switched off'
                when is_sure
                then 'sure, but together they would hold more than one customer has'
                when weight >= {{ var("match_review_from") }}
                then 'likely, not sure'
                else 'unlikely'
            end as verdict
        from judged
    )
select
    -- keys
    cast(decided.left_key as string) || '-' || cast(decided.right_key as string) as pair_id,
    {{ customer_of_number("left_side.customer_number") }} as left_customer_id,
    {{ customer_of_number("right_side.customer_number") }} as right_customer_id,
    -- identifiers
    left_name.identifier_type as left_type,
    left_name.identifier as left_identifier,
    right_name.identifier_type as right_type,
    right_name.identifier as right_identifier,
    -- facts
    decided.decision,
    decided.verdict || ': ' || decided.words as reason,
    decided.weight,
    {{ match_probability("decided.weight") }} as probability_per_million,
    {% for field in match_fields() %} decided.{{ field }}_level, {% endfor %}
    '{{ var("match_version") }}' as model_version
from decided
inner join
    {{ ref("int_customer_assignments") }} as left_side
    on left_side.identifier_key = decided.left_identifier_key
inner join
    {{ ref("int_customer_assignments") }} as right_side
    on right_side.identifier_key = decided.right_identifier_key
inner join
    {{ ref("int_identifiers_observed") }} as left_name
    on left_name.identifier_key = decided.left_identifier_key
inner join
    {{ ref("int_identifiers_observed") }} as right_name
    on right_name.identifier_key = decided.right_identifier_key
