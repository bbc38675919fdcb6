-- Which islands are one customer by match, and by which pair. The last step wins; what even then
-- holds more than one customer has stays apart.
with
    broken as ({{ match_groups_broken(5) }}),
    steps as (
        {% for step in [1, 2, 3, 4, 5] %}
            select node, component, {{ step }} as step
            from {{ ref("int_match_groups_" ~ step) }} {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    ranked as (
        select
            node, component, step, row_number() over (partition by node order by step desc) as place
        from steps
    ),
    settled as (
        select
            ranked.node as island_key,
            case
                when broken.component is null then ranked.component else ranked.node
            end as group_key,
            cast(ranked.step as bigint) as step
        from ranked
        left join broken on broken.component = ranked.component and ranked.step = 5
        where ranked.place = 1
    ),
    evidence as (
        select
            one.island_key as one_key,
            other.island_key as other_key,
            pairs.left_key,
            pairs.right_key,
            pairs.weight
        from {{ ref("int_match_pairs") }} as pairs
        inner join settled as one on one.island_key = pairs.left_key
        inner join
            settled as other
            on other.island_key = pairs.right_key
            and other.group_key = one.group_key
        where
            pairs.is_sure
            and pairs.weight
            >= {{ var("match_sure_from") }} + (one.step - 1) * {{ var("match_notch") }}
    ),
    sides as (
        select one_key as island_key, left_key, right_key, weight
        from evidence
        union all
        select other_key as island_key, left_key, right_key, weight
        from evidence
    ),
    strongest as (
        select
            *,
            row_number() over (
                partition by island_key order by weight desc, left_key, right_key
            ) as place
        from sides
    )
select
    -- keys
    settled.island_key,
    settled.group_key,
    strongest.left_key,
    strongest.right_key,
    -- facts
    strongest.weight,
    settled.step
from settled
inner join strongest on strongest.island_key = settled.island_key and strongest.place = 1
