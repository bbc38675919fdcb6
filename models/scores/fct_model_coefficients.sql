-- What the models in force are made of, and how far today's customers have moved from
-- those they learned from.
with
    today as (
        {% for feature in score_features() %}
            select
                '{{ feature }}' as feature, avg(ln(1 + cast({{ feature }} as double))) as mean_now
            from {{ ref("int_features__now") }} {{ "union all" if not loop.last }}
        {% endfor %}
    )
select
    -- keys
    weights.model_version,
    weights.feature,
    -- identifiers
    weights.model,
    -- facts
    weights.coefficient,
    weights.center,
    weights.scale,
    cast(
        round(1000 * (today.mean_now - weights.center) / weights.scale) / 1000.0e0 as double
    ) as drift
from {{ ref("int_score_weights") }} as weights
left join today on today.feature = weights.feature
