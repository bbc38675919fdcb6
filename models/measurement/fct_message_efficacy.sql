-- What each message brings per person it is sent to, at one and the same pressure; beside it what
-- it brought as it was sent, and what clicks would credit it with.
with
    mixed as (
        select
            *,
            case when is_common then people end
            / sum(case when is_common then people end) over (partition by message_id) as weight
        from {{ ref("int_message_strata") }}
    ),
    summed as (
        select
            message_id,
            max(experiment) as experiment,
            sum(sent_count) as sent_count,
            sum(withheld_count) as withheld_count,
            sum(sent_orders) / nullif(sum(sent_count), 0) as sent_rate,
            sum(withheld_orders) / nullif(sum(withheld_count), 0) as withheld_rate,
            sum(credited_orders) / nullif(sum(sent_count), 0) as click_credited_rate,
            sum(weight * lift) as common_lift,
            sqrt(sum(weight * weight * error_squared)) as common_error,
            {{ joined_list("case when is_common then cast(stratum as string) end") }} as compared,
            {{ joined_list("case when not is_common then cast(stratum as string) end") }}
            as left_out
        from mixed
        group by message_id
    ),
    sent as (
        select
            *,
            sent_rate - withheld_rate as as_sent_lift,
            sqrt(
                sent_rate * (1 - sent_rate) / nullif(sent_count - 1, 0)
                + withheld_rate * (1 - withheld_rate) / nullif(withheld_count - 1, 0)
            ) as as_sent_error
        from summed
    ),
    spread as (
        select
            avg(common_lift) as mean_lift,
            greatest(
                coalesce(var_samp(common_lift), 0) - avg(common_error * common_error), 0
            ) as variance
        from sent
    )
select
    -- keys
    sent.message_id,
    -- identifiers
    sent.experiment,
    -- facts
    cast(sent.sent_count as bigint) as sent_count,
    cast(sent.withheld_count as bigint) as withheld_count,
    {{ rounded("sent.common_lift") }} as common_lift,
    {{ rounded("sent.common_error") }} as common_error,
    {% set looks = anytime_errors(
        "(sent.sent_count + sent.withheld_count)", var("planned_people")
    ) %}
    {{ rounded("sent.common_lift - sent.common_error * " ~ looks) }} as common_low,
    {{ rounded("sent.common_lift + sent.common_error * " ~ looks) }} as common_high,
    {{
        rounded(
            "spread.mean_lift + (sent.common_lift - spread.mean_lift) * spread.variance / nullif(spread.variance + sent.common_error * sent.common_error, 0)"
        )
    }}
    as shrunken_lift,
    {{ rounded("sent.as_sent_lift") }} as as_sent_lift,
    {{ rounded("sent.as_sent_error") }} as as_sent_error,
    {{ rounded("sent.click_credited_rate") }} as click_credited_rate,
    'for contrast: as sent mixes the message with when it is sent; clicks are credit, not effect'
    as contrast_label,
    sent.compared as compared_pressure,
    sent.left_out as left_out_pressure,
    case
        when sent.experiment is null
        then 'not tried: nothing is withheld of it'
        when sent.common_lift is null or sent.common_error is null
        then 'too few people withheld at the same pressure'
        when sent.common_lift - sent.common_error * {{ looks }} > 0
        then 'brings orders'
        when sent.common_lift + sent.common_error * {{ looks }} < 0
        then 'costs orders'
        else 'cannot tell yet'
    end as verdict,
    -- times
    {{ as_of() }} as seen_at
from sent
cross join spread
