{# A share of a whole in millionths, cut from the running total: shares of one whole always add up to 1,000,000. #}
{% macro credit_of(before, weight, total) -%}
    (
        {{ whole_division("1000000 * (" ~ before ~ " + " ~ weight ~ ")", total) }}
        - {{ whole_division("1000000 * (" ~ before ~ ")", total) }}
    )
{%- endmacro %}
