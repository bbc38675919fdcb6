{# Why a customer is in their lifecycle stage, in words a marketer can read. #}
{% macro lifecycle_reason() -%}
    case
        when stage = 'prospect'
        then 'has not bought yet'
        when stage = 'lapsed'
        then 'no order since ' || cast(last_ordered_date as string)
        when stage = 'at_risk'
        then {{ at_risk_reason() }}
        when stage = 'new'
        then 'first order on ' || cast(first_ordered_date as string)
        when stage = 'won_back'
        then 'came back after ' || cast(last_gap_days as string) || ' days'
        else 'last order on ' || cast(last_ordered_date as string)
    end
{%- endmacro %}

{# What puts somebody at risk: what they wrote, their silence, or what the lifetime model says of both. #}
{% macro at_risk_reason() -%}
    case
        when said_date is not null
        then 'wrote of leaving on ' || cast(said_date as string)
        when is_silent
        then
            'buys about every '
            || cast(usual_gap_days as string)
            || ' days, silent for '
            || cast(silent_days as string)
        else 'still a customer with a chance of ' || cast(alive_percent as string) || ' in 100'
    end
{%- endmacro %}
