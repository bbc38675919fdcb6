-- Pairs of records worth a comparison: they share a block, and the block is small
-- enough to be compared.
select
    -- keys
    one.record_key as left_key,
    other.record_key as right_key,
    -- facts
    cast(sum(one.rule_bit) as bigint) as rule_bits
from {{ ref("int_match_block_keys") }} as one
inner join
    {{ ref("int_match_block_keys") }} as other
    on other.rule_bit = one.rule_bit
    and other.block_value = one.block_value
    and other.record_key > one.record_key
where one.record_count between 2 and {{ var("match_block_limit") }}
group by one.record_key, other.record_key
