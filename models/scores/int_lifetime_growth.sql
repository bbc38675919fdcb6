-- How many purchases to expect within a time of whoever is still a customer, by repeat
-- purchases and age: the series of the BG/NBD model, term by term.
with
    digits as (
        {% for digit in range(10) -%}
            select {{ digit }} as digit {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    steps as (
        select 100 * hundreds.digit + 10 * tens.digit + ones.digit as step
        from digits as ones
        cross join digits as tens
        cross join digits as hundreds
        where hundreds.digit < 4
    ),
    repeats as (
        select distinct histories.repeat_count, weights.*
        from {{ ref("int_lifetime_histories") }} as histories
        cross join {{ ref("int_lifetime_weights") }} as weights
    ),
    factors as (
        select
            repeats.repeat_count,
            steps.step,
            ln(r + repeat_count + step)
            + ln(b + repeat_count + step)
            - ln(a + b + repeat_count - 1 + step)
            - ln(step + 1) as log_factor
        from repeats
        cross join steps
    ),
    terms as (
        select
            repeat_count,
            step,
            coalesce(
                sum(log_factor) over (
                    partition by repeat_count
                    order by step
                    rows between unbounded preceding and 1 preceding
                ),
                0
            ) as log_term
        from factors
    ),
    asked as (
        select distinct repeat_count, age_days, 90 as horizon_days
        from {{ ref("int_lifetime_histories") }}
        union all
        select distinct repeat_count, age_days, 365 as horizon_days
        from {{ ref("int_lifetime_histories") }}
    ),
    summed as (
        select
            asked.repeat_count,
            asked.age_days,
            asked.horizon_days,
            sum(
                exp(
                    terms.log_term
                    + terms.step * ln(horizon_days / (weights.alpha + age_days + horizon_days))
                )
            ) as series
        from asked
        cross join {{ ref("int_lifetime_weights") }} as weights
        inner join terms on terms.repeat_count = asked.repeat_count
        group by asked.repeat_count, asked.age_days, asked.horizon_days
    )
select
    -- keys
    summed.repeat_count,
    summed.age_days,
    cast(summed.horizon_days as bigint) as horizon_days,
    -- facts
    (a + b + summed.repeat_count - 1)
    / (a - 1)
    * (
        1
        - series
        * power(
            (alpha + summed.age_days) / (alpha + summed.age_days + summed.horizon_days),
            r + summed.repeat_count
        )
    ) as purchase_count
from summed
cross join {{ ref("int_lifetime_weights") }} as weights
