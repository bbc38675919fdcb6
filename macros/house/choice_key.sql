{# What the smallest of wins: tier, then worth, then a fair coin between messages and customers, then the message.
   Its last ten bits are the message. #}
{% macro choice_key(row) -%}
    (
        ({{ row }}.tier * 4294967296 + 4294967295 - greatest({{ row }}.worth, 0)) * 256
        + ({{ row }}.tie_bucket * 79 + {{ row }}.message_number * 47) % 256
    )
    * 1024
    + {{ row }}.message_number
{%- endmacro %}

{# The tier and the worth in a choice key. #}
{% macro tier_of_key(key) -%} {{ whole_division(key, 1125899906842624) }} {%- endmacro %}

{% macro worth_of_key(key) -%}
    (4294967295 - {{ whole_division(key, 262144) }} % 4294967296)
{%- endmacro %}

{# The caps without room, as bits of reason_mask: 4 to 128 from global to message, 8192 for what is promoted. #}
{% macro cap_mask_of_rooms() -%}
    (
        {%- for scope in cap_scopes() if not scope.startswith("product") %}
            case when {{ scope }}_room < 1000000 then {{ 4 * 2**loop.index0 }} else 0 end +
        {%- endfor %}
        case when product_room < 1000000 or product_category_room < 1000000 then 8192 else 0 end
    )
{%- endmacro %}

{# What is missing where one thing alone stands in the way: places under a cap, or worth. #}
{% macro places_short() -%}
    case
        {%- for scope in cap_scopes() %}
            when
                {{ scope }}_room < 1000000
                {%- for other in cap_scopes() if other != scope %}
                    and {{ other }}_room >= 1000000
                {%- endfor %}
            then nullif({{ scope }}_room % 1000, 0)
        {%- endfor %}
        when
            worth < 0 {%- for scope in cap_scopes() %} and {{ scope }}_room >= 1000000 {%- endfor %}
        then - worth
    end
{%- endmacro %}
