{# The one formula of worth, in whole numbers: propensity (millionths) x value (thousandths of money) x context x lever
   (percent on top). 1,000,000 is one unit of money. #}
{% macro score_of(propensity_micro, value_milli, context, lever) -%}
    {% set base = whole_division(propensity_micro ~ " * " ~ value_milli, 1000) %}
    {{ whole_division(base ~ " * (100 + " ~ context ~ ") * (100 + " ~ lever ~ ")", 10000) }}
{%- endmacro %}

{# A share as millionths, kept between 0 and 1; null of null, which greatest() would pass over. #}
{% macro micro_share(share) -%}
    case
        when {{ share }} is not null
        then cast(round(1000000 * least(greatest({{ share }}, 0), 1)) as bigint)
    end
{%- endmacro %}
