{# Where a customer is reached by contact points of this kind. #}
{% macro contact_point_of(contact_type, customer) -%}
    case
        {{ contact_type }}
        when 'email'
        then {{ customer }}.email
        when 'phone'
        then {{ customer }}.phone
        when 'device_token'
        then {{ customer }}.device_token
        when 'loyalty_card'
        then {{ customer }}.loyalty_card
        when 'cookie'
        then {{ customer }}.cookie_id
    end
{%- endmacro %}
