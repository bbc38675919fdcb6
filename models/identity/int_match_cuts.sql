-- Islands that people have parted by hand: a cut between any two of their identifiers.
select
    -- keys
    least(one.island_key, other.island_key) as left_key,
    greatest(one.island_key, other.island_key) as right_key,
    -- facts
    min(overrides.reason) as reason
from {{ ref("identity_overrides") }} as overrides
inner join
    {{ ref("int_identifier_islands") }} as one
    on one.identifier_key = {{ identifier_key("overrides.left_type", "overrides.left_identifier") }}
inner join
    {{ ref("int_identifier_islands") }} as other
    on other.identifier_key
    = {{ identifier_key("overrides.right_type", "overrides.right_identifier") }}
where
    overrides.action = 'cut'
    and (overrides.expires_at is null or overrides.expires_at > {{ as_of() }})
    and one.island_key <> other.island_key
group by least(one.island_key, other.island_key), greatest(one.island_key, other.island_key)
