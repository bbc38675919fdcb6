-- How many pairs each rule proposes, and what it leaves out because too many records share a value.
with
    blocks as (
        select distinct rule, block_value, record_count
        from {{ ref("int_match_block_keys") }}
        where record_count > 1
    )
select
    -- keys
    rule,
    -- facts
    count(*) as block_count,
    cast(
        sum(
            case
                when record_count <= {{ var("match_block_limit") }}
                then {{ whole_division("record_count * (record_count - 1)", 2) }}
                else 0
            end
        ) as bigint
    ) as pair_count,
    cast(
        sum(case when record_count > {{ var("match_block_limit") }} then 1 else 0 end) as bigint
    ) as skipped_block_count,
    cast(
        sum(
            case when record_count > {{ var("match_block_limit") }} then record_count else 0 end
        ) as bigint
    ) as skipped_record_count,
    cast(max(record_count) as bigint) as largest_block_size
from blocks
group by rule
