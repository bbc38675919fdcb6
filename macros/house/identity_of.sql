{# A contact point as the tools that take it in clear name it. #}
{% macro identity_of(contact_type, contact_point) -%}
    case
        {{ contact_type }}
        when 'email'
        then {{ json_object([["email", contact_point]]) }}
        when 'phone'
        then {{ json_object([["phone_number", contact_point]]) }}
        when 'device_token'
        then {{ json_object([["external_id", contact_point]]) }}
        when 'loyalty_card'
        then {{ json_object([["loyalty_card", contact_point]]) }}
        when 'cookie'
        then {{ json_object([["cookie_id", contact_point]]) }}
    end
{%- endmacro %}

{# A contact point as ad platforms take it: hashed, a phone without its plus sign. #}
{% macro hashed_identity_of(contact_type, contact_point) -%}
    case
        {{ contact_type }}
        when 'email'
        then {{ json_object([["EMAIL", sha256_hex(contact_point)]]) }}
        when 'phone'
        then {{ json_object([["PHONE", sha256_hex("replace(" ~ contact_point ~ ", '+', '')")]]) }}
    end
{%- endmacro %}
