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
{% macro cap_mask_of_shortages() -%}
    (
        {%- for scope in cap_scopes() if not scope.startswith("product") %}
            case when {{ scope }}_shortage is not null then {{ 4 * 2**loop.index0 }} else 0 end +
        {%- endfor %}
        case
            when coalesce(product_shortage, product_category_shortage) is not null then 8192 else 0
        end
    )
{%- endmacro %}

{# The shortage of the first cap without room. #}
{% macro first_shortage() -%}
    coalesce(
        {%- for scope in cap_scopes() %}
            {{ scope }}_shortage {{- "," if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{# What is missing where one cap alone stands in the way: places under it. #}
{% macro places_short() -%}
    case
        when
            {%- for scope in cap_scopes() %}
                case
                    when {{ scope }}_shortage is null then 0 else 1
                end {{- " +" if not loop.last }}
            {%- endfor %}
            = 1
        then nullif({{ first_shortage() }} % 1000, 0)
    end
{%- endmacro %}
