{# What a customer says about the channel and purpose of a message, joined as the given name. #}
{% macro consent_of(customer, message, name="s") -%}
    left join
        {{ ref("dim_customer_consents") }} as {{ name }}
        on {{ name }}.customer_id = {{ customer }}.customer_id
        and {{ name }}.channel = {{ message }}.channel
        and {{ name }}.purpose = {{ message }}.purpose
{%- endmacro %}
