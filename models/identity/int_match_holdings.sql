-- What a customer would hold of each kind if its islands became one, and how much of it
-- one customer has: trusted identifiers by their own limits, and islands as such.
with
    candidates as (
        select left_key as record_key
        from {{ ref("int_match_pairs") }}
        where is_sure
        union
        select right_key as record_key
        from {{ ref("int_match_pairs") }}
        where is_sure
    )
select
    -- keys
    candidates.record_key,
    judged.identifier_type as kind,
    -- facts
    count(*) as held_count,
    cast(max(kinds.max_per_customer) as bigint) as most_allowed
from candidates
inner join
    {{ ref("int_identifier_islands") }} as islands on islands.island_key = candidates.record_key
inner join
    {{ ref("int_identifiers_judged") }} as judged on judged.identifier_key = islands.identifier_key
inner join {{ ref("identifier_types") }} as kinds on kinds.identifier_type = judged.identifier_type
where islands.refusal_reason is null
group by candidates.record_key, judged.identifier_type
union all
select
    record_key,
    'island' as kind,
    cast(1 as bigint) as held_count,
    cast({{ var("match_most_islands") }} as bigint) as most_allowed
from candidates
