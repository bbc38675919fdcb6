{# Name and postcode in one spelling: letters and digits only, lower case; null where a part is missing. #}
{% macro name_postcode(first_name, last_name, postcode) -%}
    case
        when
            trim({{ first_name }}) <> ''
            and trim({{ last_name }}) <> ''
            and trim({{ postcode }}) <> ''
        then
            lower(
                {{ regex_replace_all(first_name, "[^A-Za-z]", "") }}
                || ' '
                || {{ regex_replace_all(last_name, "[^A-Za-z]", "") }}
                || ' '
                || {{ regex_replace_all(postcode, "[^A-Za-z0-9]", "") }}
            )
    end
{%- endmacro %}
