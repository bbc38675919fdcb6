{# Why a customer is in their lifecycle stage, in words a marketer can read. #}
{% macro lifecycle_reason() -%}
    case
        when stage = 'prospect'
        then 'has not bought yet'
        when stage = 'lapsed'
        then 'no order since ' || cast(last_ordered_date as string)
        when stage = 'at_risk' and said_date is not null
        then 'wrote of leaving on ' || cast(said_date as string)
        when stage = 'at_risk'
        then
            'buys about every '
            || cast(usual_gap_days as string)
            || ' days, silent for '
            || cast(silent_days as string)
        when stage = 'new'
        then 'first order on ' || cast(first_ordered_date as string)
        when stage = 'won_back'
        then 'came back after ' || cast(last_gap_days as string) || ' days'
        else 'last order on ' || cast(last_ordered_date as string)
    end
{%- endmacro %}
