{# One spelling per mailbox: trimmed, lower case; null where it cannot be an address. #}
{% macro clean_email(column) -%}
    case
        when lower(trim({{ column }})) like '%_@_%._%' and lower(trim({{ column }})) not like '% %'
        then lower(trim({{ column }}))
    end
{%- endmacro %}
