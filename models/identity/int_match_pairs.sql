-- What the agreement of two records weighs, in thousandths of a bit: the prior and one weight per
-- field. A field that is unknown on a side weighs nothing; what people have cut is never sure.
with
    weights as (
        select field, level, weight
        from {{ ref("match_weights") }}
        where model_version = '{{ var("match_version") }}'
    ),
    weighed as (
        select
            pairs.left_key,
            pairs.right_key,
            pairs.rule_bits,
            {% for field in match_fields() %} pairs.{{ field }}_level, {% endfor %}
            cast(
                prior.weight
                {% for field in match_fields() %}
                    + coalesce({{ field }}.weight, 0)
                {% endfor %} as bigint
            ) as weight
        from {{ ref("int_match_compared") }} as pairs
        inner join weights as prior on prior.field = 'prior'
        {% for field in match_fields() %}
            left join
                weights as {{ field }}
                on {{ field }}.field = '{{ field }}'
                and {{ field }}.level = pairs.{{ field }}_level
        {% endfor %}
    )
select
    -- keys
    weighed.left_key,
    weighed.right_key,
    -- facts
    weighed.rule_bits,
    {% for field in match_fields() %} weighed.{{ field }}_level, {% endfor %}
    weighed.weight,
    cuts.reason as cut_reason,
    weighed.weight >= {{ var("match_sure_from") }} and cuts.left_key is null as is_sure
from weighed
left join
    {{ ref("int_match_cuts") }} as cuts
    on cuts.left_key = weighed.left_key
    and cuts.right_key = weighed.right_key
where weighed.weight >= {{ var("match_kept_from") }}
