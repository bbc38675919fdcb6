-- Which islands are one customer by match. The last step wins; what even then holds more than one
-- customer has stays apart.
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
    counted as (select *, count(*) over (partition by group_key) as island_count from settled)
select
    -- keys
    island_key,
    group_key,
    -- facts
    step
from counted
where island_count > 1
