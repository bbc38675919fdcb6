-- Whether each buyer still is a customer, how often they will buy, and what that is worth.
with
    judged as (
        select
            histories.customer_id,
            histories.repeat_count,
            histories.repeat_cents,
            histories.age_days,
            weights.*,
            case
                when histories.repeat_count = 0
                then 1.0e0
                else
                    1 / (
                        1
                        + a
                        / (b + repeat_count - 1)
                        * power((alpha + age_days) / (alpha + last_age_days), r + repeat_count)
                    )
            end as alive
        from {{ ref("int_lifetime_histories") }} as histories
        cross join {{ ref("int_lifetime_weights") }} as weights
    ),
    valued as (
        select
            judged.customer_id,
            judged.model_version,
            judged.alive,
            judged.alive * quarter.purchase_count as purchases_90d,
            judged.alive * year.purchase_count as purchases_365d,
            spend_p
            * (spend_gamma + judged.repeat_cents / 100.0e0)
            / (spend_p * judged.repeat_count + spend_q - 1) as spend
        from judged
        inner join
            {{ ref("int_lifetime_growth") }} as quarter
            on quarter.repeat_count = judged.repeat_count
            and quarter.age_days = judged.age_days
            and quarter.horizon_days = 90
        inner join
            {{ ref("int_lifetime_growth") }} as year
            on year.repeat_count = judged.repeat_count
            and year.age_days = judged.age_days
            and year.horizon_days = 365
    )
select
    -- keys
    customer_id,
    -- identifiers
    model_version,
    -- facts
    cast(round(1.0e6 * alive) as bigint) / 1.0e6 as alive_probability,
    1 - cast(round(1.0e6 * alive) as bigint) / 1.0e6 as churn_probability,
    cast(round(1.0e6 * purchases_90d) as bigint) / 1.0e6 as expected_purchases_90d,
    cast(round(1.0e6 * purchases_365d) as bigint) / 1.0e6 as expected_purchases_365d,
    cast(round(100 * purchases_365d * spend) / 100 as decimal(18, 2)) as expected_amount_365d
from valued
