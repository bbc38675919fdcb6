-- What each feature adds to each customer's score, in millionths of a millionth of a logit.
{{ config(materialized="view") }}
with
    valued as (
        select
            features.customer_id,
            weights.model,
            weights.model_version,
            weights.feature,
            weights.coefficient,
            weights.center,
            weights.scale,
            case
                weights.feature
                {% for feature in score_features() %}
                    when '{{ feature }}' then features.{{ feature }}
                {% endfor %}
            end as amount
        from {{ ref("int_features__now") }} as features
        cross join {{ ref("int_score_weights") }} as weights
        where weights.feature in ('{{ score_features() | join("', '") }}')
    )
select
    -- keys
    customer_id,
    model,
    model_version,
    feature,
    -- facts
    amount,
    cast(
        round(1.0e12 * coefficient * (ln(1 + cast(amount as double)) - center) / scale) as bigint
    ) as part_pico
from valued
