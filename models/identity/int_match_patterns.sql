-- How often each pattern of levels occurs: per rule, over all pairs compared, and over pairs drawn
-- by lot. What weights are learned from.
{{ config(materialized="view") }}
with
    drawn as (
        select *, row_number() over (order by md5(cast(record_key as string)), record_key) as lot
        from {{ ref("int_match_records") }}
    ),
    steps as (
        {% for step in range(1, var("match_random_steps") + 1) %}
            select {{ step }} as step {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    by_lot as (
        select
            {% for field in match_fields() %}
                {{ match_level(field) }} as {{ field }}_level {{ "," if not loop.last }}
            {% endfor %}
        from drawn as one
        cross join steps
        inner join drawn as other on other.lot = one.lot + steps.step
    ),
    rules as (
        {% for rule in match_rules() if rule.learns %}
            select
                '{{ rule.rule }}' as rule,
                '{{ rule.columns | join(" ") }}' as own_fields,
                cast({{ rule.bit }} as bigint) as rule_bit
            union all
        {% endfor %}
        select 'compared' as rule, '' as own_fields, cast(null as bigint) as rule_bit
    ),
    patterns as (
        select 'by lot' as rule, '' as own_fields, {{ match_level_columns() }}
        from by_lot
        union all
        select rules.rule, rules.own_fields, {{ match_level_columns("pairs.") }}
        from {{ ref("int_match_compared") }} as pairs
        inner join rules on rules.rule_bit is null or (pairs.rule_bits & rules.rule_bit) > 0
    )
select
    -- keys
    rule,
    own_fields,
    {{ match_level_columns() }},
    -- facts
    count(*) as pair_count
from patterns
group by rule, own_fields, {{ match_level_columns() }}
