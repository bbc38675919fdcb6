-- How well each field of two records agrees.
select
    -- keys
    pairs.left_key,
    pairs.right_key,
    -- facts
    pairs.rule_bits,
    {% for field in match_fields() %}
        {{ match_level(field) }} as {{ field }}_level {{ "," if not loop.last }}
    {% endfor %}
from {{ ref("int_match_candidates") }} as pairs
inner join {{ ref("int_match_records") }} as one on one.record_key = pairs.left_key
inner join {{ ref("int_match_records") }} as other on other.record_key = pairs.right_key
