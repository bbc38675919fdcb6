-- Links within the islands that break a limit, and each of their identifiers with itself: every
-- later step looks among these alone, and so their kinds come along. Of all islands, those that
-- this pass has touched.
{% set before = identity_before() %}
{% set anew, judged = ref("int_islands_1"), ref("int_identifiers_judged") %}
{% set touched = ref("int_islands_touched") %}
{% set islands, kinds = (touched, touched) if before else (anew, judged) %}
{% set key = "node" if before else "identifier_key" %}
with nodes as ({{ nodes_to_limit(islands, kinds, key) }})
select
    left_key,
    right_key,
    gives_way_at,
    cast(null as string) as identifier_type,
    cast(null as bigint) as max_per_customer
from {{ ref("int_links_judged") }}
where refusal_reason is null and gives_way_at > 1 and left_key in (select node from nodes)
union all
select
    nodes.node as left_key,
    nodes.node as right_key,
    99 as gives_way_at,
    kinds.identifier_type,
    cast(kinds.max_per_customer as bigint) as max_per_customer
from nodes
inner join {{ kinds }} as kinds on kinds.{{ key }} = nodes.node
