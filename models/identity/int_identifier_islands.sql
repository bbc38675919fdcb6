-- The island an identifier ends on. Islands that broke a limit were clustered again, so
-- the last step wins.
{{ config(materialized="carried", unique_key=["identifier_key"]) }}
{% set before = identity_before() %}
with
    touched as (
        select islands.node as identifier_key
        from {{ ref("int_islands_1") }} as islands
        inner join
            {{ ref("int_islands_touched") }} as touched on touched.component = islands.component
        union
        select identifier_key
        from {{ ref("int_identifiers_judged") }}
        where {{ is_new_to_identity("ruled_batch", before) }}
    ),
    steps as (
        {% for step in [1, 2, 3, 4, 5] %}
            select islands.node, islands.component, {{ step }} as step
            from {{ ref("int_islands_" ~ step) }} as islands
            {% if step == 1 %}
                inner join touched on touched.identifier_key = islands.node
                {% endif %} {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    last_steps as (select node, max(step) as step from steps group by node)
select
    -- keys
    judged.identifier_key,
    coalesce(steps.component, judged.identifier_key) as island_key,
    -- facts
    coalesce(
        judged.refusal_reason,
        case
            when judged.gives_way_at < steps.step
            then 'gave way: it would have joined more trusted identifiers than one customer has'
        end
    ) as refusal_reason,
    cast(coalesce(steps.step, 0) as bigint) as step,
    {{ identity_batch(before) }} as batch
from {{ ref("int_identifiers_judged") }} as judged
inner join touched on touched.identifier_key = judged.identifier_key
left join last_steps on last_steps.node = judged.identifier_key
left join steps on steps.node = last_steps.node and steps.step = last_steps.step
