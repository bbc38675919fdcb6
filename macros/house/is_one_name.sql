{# Whether two given names, each in plain_letters, are one spelled twice: a letter apart, two in long names. #}
{% macro is_one_name(one, other) -%}
    (
        levenshtein({{ one }}, {{ other }}) <= case
            when least(length({{ one }}), length({{ other }})) < 3
            then -1
            when least(length({{ one }}), length({{ other }})) < 6
            then 1
            else 2
        end
    )
{%- endmacro %}

{# Letters beyond a to z do not count, for engines measure them differently. #}
{% macro plain_letters(name) -%} {{ regex_replace_all(name, "[^a-z]", "") }} {%- endmacro %}
