-- Messages and channels that cost orders, and messages whose base rate is not what people believe.
with
    answered as (
        select distinct customer_id, message_id, cast(occurred_at as date) as answered_date
        from {{ ref("fct_touches") }}
        where touch_type in ('clicked', 'redeemed') and not is_machine
    ),
    sent as (
        select
            touches.touch_id,
            touches.message_id,
            max(case when answered.customer_id is null then 0 else 1 end) as hit
        from {{ ref("fct_touches") }} as touches
        left join
            answered
            on answered.customer_id = touches.customer_id
            and answered.message_id = touches.message_id
            and {{ days_between("touches.occurred_at", "answered.answered_date") }}
            between 0 and {{ var("click_window_days") }}
        where
            touches.touch_type = 'sent'
            and {{ days_between("touches.occurred_at", as_of()) }}
            between {{ var("click_window_days") }} and {{ var("advice_rate_days") }}
        group by touches.touch_id, touches.message_id
    ),
    rates as (
        select
            sent.message_id,
            messages.base_rate,
            count(*) as sent_count,
            sum(sent.hit) / cast(count(*) as double) as rate
        from sent
        inner join {{ ref("messages") }} as messages on messages.message_id = sent.message_id
        where messages.purpose = 'marketing' and messages.base_rate > 0
        group by sent.message_id, messages.base_rate
        having count(*) >= {{ var("advice_least_customers") }}
    ),
    centred as (
        select
            *,
            (rate + 1.92e0 / sent_count) / (1 + 3.84e0 / sent_count) as middle,
            1.96e0
            * sqrt(rate * (1 - rate) / sent_count + 0.96e0 / sent_count / sent_count)
            / (1 + 3.84e0 / sent_count) as margin
        from rates
    ),
    bounded as (
        select *, greatest(middle - margin, 0e0) as low, middle + margin as high from centred
    )
select
    'a message costs orders' as kind,
    message_id as subject,
    'stop it, or write it anew' as advice,
    'drawn by lot in ' || experiment || ', at the pressure all messages share' as reason,
    - common_lift as effect,
    - common_high as effect_low,
    - common_low as effect_high,
    'people who order, per person not sent to' as effect_unit,
    'messages' as seed,
    'message_id=' || message_id as seed_key,
    cast(sent_count as bigint) as weight
from {{ ref("fct_message_efficacy") }}
where verdict = 'costs orders'
union all
select
    'an experiment says less' as kind,
    experiment as subject,
    case
        when control_arm = 'replaced' then 'give its place to the next' else 'stop it'
    end as advice,
    analysis || ', ' || metric || ', ' || estimand as reason,
    - cuped_difference as effect,
    - high as effect_low,
    - low as effect_high,
    metric || ' per person' as effect_unit,
    'experiments' as seed,
    'experiment=' || experiment as seed_key,
    cast(arm_count as bigint) as weight
from {{ ref("fct_lift") }}
where verdict = 'less' and metric in ('revenue', 'orders') and arm = 'treated'
union all
select
    'a base rate is not what is believed' as kind,
    message_id as subject,
    -- nought would silence it for good on the word of few
    case when rate < 0.0001e0 then 'pause it, or ' else '' end
    || 'write base_rate '
    || cast(cast(case when rate < 0.0001e0 then high else rate end as decimal(9, 4)) as string)
    || ' in place of '
    || cast(base_rate as string) as advice,
    'of ' || cast(sent_count as string) || ' sent, that share was answered' as reason,
    {{ rounded("rate") }} as effect,
    {{ rounded("low") }} as effect_low,
    {{ rounded("high") }} as effect_high,
    'share answered, as observed; not what the message brings' as effect_unit,
    'messages' as seed,
    'message_id=' || message_id as seed_key,
    cast(sent_count as bigint) as weight
from bounded
where base_rate > 1.5 * high or base_rate < low / 1.5
