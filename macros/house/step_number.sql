{# A channel's campaign as one whole number: the first 44 bits of the campaign's md5, and above them the channel. #}
{% macro step_number(channel_number, campaign) -%}
    (
        {{ channel_number }} * 17592186044416
        + {{ adapter.dispatch("hex_number", "downbeat")("substr(md5(" ~ campaign ~ "), 1, 11)") }}
    )
{%- endmacro %}

{# The channel of a step. #}
{% macro channel_of(step) -%} {{ whole_division(step, 17592186044416) }} {%- endmacro %}
