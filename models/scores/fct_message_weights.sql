-- What each message adds to its reader's logit under the response model in force,
-- beside what people believed.
with
    weights as (
        select *, substr(feature, 9) as message_id
        from {{ ref("int_score_weights") }}
        where model = 'response' and feature like 'message:%'
    ),
    -- The model was fitted on centered columns: another message's column is not nothing, but
    -- minus its center.
    others as (
        select
            model_version,
            cast(
                sum(cast(round(-1.0e12 * coefficient * center / scale) as bigint)) as bigint
            ) as others_pico
        from weights
        group by model_version
    )
select
    -- keys
    weights.message_id,
    -- identifiers
    weights.model_version,
    -- facts
    cast(
        others.others_pico
        + cast(round(1.0e12 * weights.coefficient / weights.scale) as bigint) as bigint
    ) as logit_pico,
    messages.base_rate as believed_rate
from weights
inner join others on others.model_version = weights.model_version
inner join {{ ref("messages") }} as messages on messages.message_id = weights.message_id
