-- Islands that still break a limit, again, without e-mail addresses that several
-- trusted identifiers use.
{{ config(materialized="components") }}
with
    members as (
        select islands.component, judged.identifier_type, judged.max_per_customer
        from {{ ref("int_islands_4") }} as islands
        inner join
            {{ ref("int_identifiers_judged") }} as judged on judged.identifier_key = islands.node
    ),
    broken as (
        select distinct component
        from
            (
                select component
                from members
                group by component, identifier_type, max_per_customer
                having count(*) > max_per_customer
            ) as counted
    ),
    nodes as (
        select islands.node
        from {{ ref("int_islands_4") }} as islands
        inner join broken on broken.component = islands.component
    )
select left_key as a, right_key as b
from {{ ref("int_links_judged") }}
where refusal_reason is null and gives_way_at > 4 and left_key in (select node from nodes)
union all
select node as a, node as b
from nodes
