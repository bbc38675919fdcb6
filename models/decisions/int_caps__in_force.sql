-- The caps that hold for customers of each combination of segments: a segment's cap takes the
-- place of the general one with the same scope and window; of several segments' caps all hold.
with
    caps as (select * from {{ ref("int_caps__ready") }} where unit = 'customer'),
    replaced as (
        select distinct m.segment_mask, c.scope_type, c.scope_key, c.window_n, c.window_unit
        from {{ ref("int_segment_masks") }} as m
        join caps as c on (m.segment_mask & c.segment_bit) <> 0
    )
select
    -- keys
    m.segment_mask,
    c.policy_id,
    c.from_tier,
    -- facts
    c.scope_type,
    c.scope_key,
    c.most
from {{ ref("int_segment_masks") }} as m
join caps as c on c.segment_bit = 0 or (m.segment_mask & c.segment_bit) <> 0
left join
    replaced as r
    on c.segment_bit = 0
    and r.segment_mask = m.segment_mask
    and r.scope_type = c.scope_type
    and r.scope_key = c.scope_key
    and r.window_n = c.window_n
    and r.window_unit = c.window_unit
where r.segment_mask is null
