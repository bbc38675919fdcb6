{# Name and postcode in one spelling: given name, family name, postcode; null where a part is missing. #}
{% macro name_postcode(first_name, last_name, postcode) -%}
    case
        when
            trim({{ first_name }}) <> ''
            and trim({{ last_name }}) <> ''
            and trim({{ postcode }}) <> ''
        then
            {{ plain_word(first_name) }}
            || ' '
            || {{ plain_word(last_name) }}
            || ' '
            || {{ plain_word(postcode) }}
    end
{%- endmacro %}

{% macro plain_word(column) -%}
    lower({{ regex_replace_all(column, "[ .,_/-]", "") }})
{%- endmacro %}
