-- How likely each is to respond to what is proposed to them: by whatever was estimated outside,
-- else by the response model in force; empty where neither knows.
with
    outside as (
        select c.customer_number, m.message_number, e.propensity, e.model_version
        from {{ ref("stg_downbeat__propensities") }} as e
        join {{ ref("int_customer_clocks") }} as c on c.customer_id = e.customer_id
        join {{ ref("int_messages__ready") }} as m on m.message_id = e.message_id
        where not e.is_future
    ),
    scores as (
        select c.customer_number, s.model_version, s.logit_pico
        from {{ ref("fct_scores") }} as s
        join {{ ref("int_customer_clocks") }} as c on c.customer_id = s.customer_id
        where s.model = 'response'
    ),
    weights as (
        select m.message_number, w.model_version, w.logit_pico
        from {{ ref("fct_message_weights") }} as w
        join {{ ref("int_messages__ready") }} as m on m.message_id = w.message_id
    )
select
    p.*,
    -- facts
    coalesce(
        outside.propensity, 1 / (1 + exp(- (scores.logit_pico + weights.logit_pico) / 1.0e12))
    ) as propensity,
    case
        when outside.propensity is not null then outside.model_version else weights.model_version
    end as model_version
from {{ ref("int_candidates__proposed") }} as p
left join
    outside
    on outside.customer_number = p.customer_number
    and outside.message_number = p.message_number
left join scores on scores.customer_number = p.customer_number
left join
    weights
    on weights.message_number = p.message_number
    and weights.model_version = scores.model_version
