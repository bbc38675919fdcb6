-- What every segment and every programme would like to say to whom today, whether or not it may
-- be said. Nothing twice on one occasion.
with
    published as (
        select count(*) as run_count
        from {{ ref("stg_downbeat__decision_runs") }}
        where run_id = {{ run_id() }}
    )
select
    -- keys
    p.customer_id,
    p.customer_number,
    p.message_id,
    p.message_number,
    p.instance,
    -- facts
    p.programme,
    p.step,
    p.moved_because,
    p.last_message_id,
    p.last_channel,
    p.product_id,
    p.product_category,
    {{
        score_of(
            "coalesce(" ~ micro_share("e.propensity") ~ ", p.base_rate_micro)",
            "p.value_milli",
            "case when p.product_category = x.last_purchased_category then 20 else 0 end",
            "p.lever",
        )
    }} as score,
    coalesce(x.pressure_7d, 0) as pressure_7d,
    -- times
    p.entered_at,
    p.expires_at
from {{ ref("int_candidates__proposed") }} as p
cross join published
left join {{ ref("dim_customer_context") }} as x on x.customer_id = p.customer_id
left join
    {{ ref("int_message_propensities") }} as e
    on e.customer_id = p.customer_id
    and e.message_id = p.message_id
left join
    {{ ref("int_occasions__used") }} as u
    on u.customer_id = p.customer_id
    and u.message_id = p.message_id
    and u.instance = p.instance
where u.customer_id is null and published.run_count = 0
