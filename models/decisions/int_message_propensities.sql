-- How likely the members of a message's audience are to respond to it: by whatever was estimated
-- outside, else by the response model in force. Nobody without an estimate is here.
with
    pairs as (
        select distinct members.customer_id, messages.message_id
        from {{ ref("fct_audience_members") }} as members
        inner join
            {{ ref("int_messages__ready") }} as messages on messages.audience = members.audience
        where members.kind = 'segment' and {{ is_considered("members.customer_id") }}
        union
        select customer_id, message_id
        from {{ ref("fct_programme_states") }}
        where is_offered and {{ is_considered("customer_id") }}
    ),
    estimated as (
        select
            pairs.customer_id,
            pairs.message_id,
            outside.propensity as outside_propensity,
            outside.model_version as outside_version,
            scores.model_version,
            1 / (1 + exp(- (scores.logit_pico + weights.logit_pico) / 1.0e12)) as own_propensity
        from pairs
        left join
            {{ ref("stg_downbeat__propensities") }} as outside
            on outside.customer_id = pairs.customer_id
            and outside.message_id = pairs.message_id
            and not outside.is_future
        left join
            {{ ref("fct_scores") }} as scores
            on scores.customer_id = pairs.customer_id
            and scores.model = 'response'
        left join
            {{ ref("fct_message_weights") }} as weights
            on weights.message_id = pairs.message_id
            and weights.model_version = scores.model_version
    )
select
    -- keys
    customer_id,
    message_id,
    -- facts
    coalesce(outside_propensity, own_propensity) as propensity,
    case
        when outside_propensity is not null then outside_version else model_version
    end as model_version
from estimated
where outside_propensity is not null or own_propensity is not null
