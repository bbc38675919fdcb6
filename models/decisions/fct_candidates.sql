-- What every segment and every programme would like to say to whom today, whether or not it may
-- be said. Nothing twice on one occasion.
with
    published as (
        select count(*) as run_count
        from {{ ref("stg_downbeat__decision_runs") }}
        where run_id = {{ run_id() }}
    ),
    context as (
        select c.customer_number, x.last_purchased_category, x.pressure_7d
        from {{ ref("dim_customer_context") }} as x
        join {{ ref("int_customer_clocks") }} as c on c.customer_id = x.customer_id
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
            "coalesce(" ~ micro_share("p.propensity") ~ ", p.base_rate_micro)",
            "p.value_milli",
            "case when p.product_category = x.last_purchased_category then 20 else 0 end",
            "p.lever",
        )
    }} as score,
    coalesce(x.pressure_7d, 0) as pressure_7d,
    -- times
    p.entered_at,
    p.expires_at
from {{ ref("int_candidates__estimated") }} as p
cross join published
left join context as x on x.customer_number = p.customer_number
left join
    {{ ref("int_occasions__used") }} as u
    on u.customer_number = p.customer_number
    and u.message_number = p.message_number
    and u.instance = p.instance
where u.customer_number is null and published.run_count = 0
