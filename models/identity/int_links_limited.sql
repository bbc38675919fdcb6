-- Links within the islands that break a limit: every later step looks among these alone.
with nodes as ({{ nodes_to_limit(1) }})
select left_key, right_key, gives_way_at
from {{ ref("int_links_judged") }}
where refusal_reason is null and gives_way_at > 1 and left_key in (select node from nodes)
