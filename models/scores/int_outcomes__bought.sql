-- What became of the customers of each past cutoff: whether they bought before its outcome closed.
with
    bought as (
        select distinct cutoffs.cutoff_number, events.customer_id
        from {{ ref("int_score_cutoffs") }} as cutoffs
        inner join
            {{ ref("int_score_events") }} as events
            on events.occurred_at >= cutoffs.cutoff_at
            and events.occurred_at < cutoffs.ends_at
        where events.kind = 'order' and cutoffs.cutoff_number > 0
    )
select
    -- keys
    features.cutoff_number,
    features.customer_id,
    -- facts
    cast(1 as bigint) as trial_count,
    cast(case when bought.customer_id is null then 0 else 1 end as bigint) as success_count,
    -- features
    {% for feature in score_features() %}
        features.{{ feature }}{{ "," if not loop.last }}
    {% endfor %}
from {{ ref("int_features__measured") }} as features
left join
    bought
    on bought.cutoff_number = features.cutoff_number
    and bought.customer_id = features.customer_id
where features.cutoff_number > 0
