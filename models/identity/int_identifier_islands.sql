-- The island an identifier ends on. Islands that broke a limit were clustered again, so the last
-- step wins.
with
    steps as (
        {% for step in [1, 2, 3, 4, 5] %}
            select node, component, {{ step }} as step
            from {{ ref("int_islands_" ~ step) }} {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    ranked as (
        select
            node, component, step, row_number() over (partition by node order by step desc) as place
        from steps
    )
select
    -- keys
    judged.identifier_key,
    coalesce(ranked.component, judged.identifier_key) as island_key,
    -- facts
    coalesce(
        judged.refusal_reason,
        case
            when judged.gives_way_at < ranked.step
            then 'gave way: it would have joined more trusted identifiers than one customer has'
        end
    ) as refusal_reason,
    cast(coalesce(ranked.step, 0) as bigint) as step
from {{ ref("int_identifiers_judged") }} as judged
left join ranked on ranked.node = judged.identifier_key and ranked.place = 1
