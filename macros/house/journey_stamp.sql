{# What a moment says to journeys, as a number. Its id is left out: it is its event's own, and another id comes with
   another load. #}
{% macro journey_stamp() -%}
    {{ row_stamp(["customer_number", "occurred_at", "step_number", "revenue_amount"]) }}
{%- endmacro %}

{# The moments of each customer together: how many, their stamp, and when the last of them came in. #}
{% macro journey_stamps() -%}
    count(*) as moment_count, bit_xor({{ journey_stamp() }}) as stamp, max(loaded_at) as loaded_at
{%- endmacro %}

{# What journeys held were built by: other rules, other journeys. Counted up when what is held changes its shape. #}
{% macro journey_rules() -%} {{ var("journey_days") }} days, shape 3 {%- endmacro %}
