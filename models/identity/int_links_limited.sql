-- Links within the islands that break a limit, and each of their identifiers with itself: every
-- later step looks among these alone. Of all islands, those that this pass has touched.
{% set islands, touched = ref("int_islands_1"), ref("int_islands_touched") %}
with nodes as ({{ nodes_to_limit(touched if identity_before() else islands) }})
select left_key, right_key, gives_way_at
from {{ ref("int_links_judged") }}
where refusal_reason is null and gives_way_at > 1 and left_key in (select node from nodes)
union all
select node as left_key, node as right_key, 99 as gives_way_at
from nodes
