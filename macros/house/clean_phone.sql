{# E.164 from what people type. dial is the row of dial_codes for the country; without a country no phone. #}
{% macro clean_phone(column, dial) -%}
    {%- set digits = regex_replace_all(column, "[^0-9]", "") -%}
    case
        when {{ column }} is null or {{ dial }}.dial_code is null
        then null
        when trim({{ column }}) like '+%' and length({{ digits }}) between 8 and 15
        then '+' || {{ digits }}
        when {{ digits }} like '00%' and length({{ digits }}) between 10 and 17
        then '+' || substr({{ digits }}, 3)
        when
            {{ dial }}.trunk_prefix <> ''
            and {{ digits }} like {{ dial }}.trunk_prefix || '%'
            and length({{ digits }}) - length({{ dial }}.trunk_prefix)
            between {{ dial }}.min_digits and {{ dial }}.max_digits
        then
            '+' || {{ dial }}.dial_code || substr({{ digits }}, length({{ dial }}.trunk_prefix) + 1)
        when length({{ digits }}) between {{ dial }}.min_digits and {{ dial }}.max_digits
        then '+' || {{ dial }}.dial_code || {{ digits }}
    end
{%- endmacro %}
