{# A contact point in the spelling of its kind; what cannot be cleaned is kept as written, so that no objection is lost. #}
{% macro clean_contact_point(contact_type, column, dial) -%}
    coalesce(
        case
            lower(trim({{ contact_type }}))
            when 'email'
            then {{ clean_email(column) }}
            when 'phone'
            then {{ clean_phone(column, dial) }}
        end,
        trim({{ column }})
    )
{%- endmacro %}
