{# Our key of a list member: by what the tool sees, so that one address is one member whoever it belongs to. #}
{% macro member_key_of(identity) -%}
    ('m' || substr({{ sha256_hex(identity) }}, 1, 23))
{%- endmacro %}
