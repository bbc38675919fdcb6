-- How likely each customer is to do what each published model predicts, and what says so.
with
    ranked as (
        select
            *,
            sum(part_pico) over (partition by customer_id, model) as parts_pico,
            row_number() over (
                partition by customer_id, model order by abs(part_pico) desc, feature
            ) as place
        from {{ ref("int_score_parts") }}
    ),
    worded as (
        select
            ranked.*,
            replace(features.words, '{n}', cast(ranked.amount as string))
            || case when part_pico < 0 then ' (' else ' (+' end
            || cast(cast(round(part_pico / 1.0e10) / 100 as decimal(9, 2)) as string)
            || ')' as words
        from ranked
        inner join {{ ref("score_features") }} as features on features.feature = ranked.feature
        where ranked.place <= 3
    ),
    summed as (
        select
            customer_id,
            model,
            model_version,
            cast(max(parts_pico) as bigint) as parts_pico,
            max(case when place = 1 then words end) as first_reason,
            max(case when place = 2 then words end) as second_reason,
            max(case when place = 3 then words end) as third_reason
        from worded
        group by customer_id, model, model_version
    ),
    added as (
        select
            summed.*,
            (summed.parts_pico + cast(round(1.0e12 * weights.coefficient) as bigint)) as logit_pico
        from summed
        inner join
            {{ ref("int_score_weights") }} as weights
            on weights.model_version = summed.model_version
            and weights.feature = 'intercept'
    )
select
    -- keys
    customer_id,
    model,
    -- identifiers
    model_version,
    -- facts
    cast(
        cast(round(1.0e10 / (1 + exp(- logit_pico / 1.0e12))) as bigint) / 1.0e10 as double
    ) as probability,
    cast(logit_pico as bigint) as logit_pico,
    cast(ntile(10) over (partition by model order by logit_pico, customer_id) as bigint) as decile,
    first_reason,
    second_reason,
    third_reason,
    -- times
    {{ as_of() }} as scored_at
from added
