-- Which records share what: one row per rule and record, with the size of the block it falls into.
with
    keyed as (
        {% for rule in match_rules() %}
            select
                '{{ rule.rule }}' as rule,
                cast({{ rule.bit }} as bigint) as rule_bit,
                {{ rule.columns | join(" || '|' || ") }} as block_value,
                record_key
            from {{ ref("int_match_records") }} {{ "union all" if not loop.last }}
        {% endfor %}
    )
select
    -- keys
    rule,
    block_value,
    record_key,
    -- facts
    rule_bit,
    count(*) over (partition by rule, block_value) as record_count
from keyed
where block_value is not null
