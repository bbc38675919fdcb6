{# Whether two given names are one, spelled twice: a letter apart, two in long names. Letters beyond a to z do not count, for engines measure them differently. #}
{% macro is_one_name(one, other) -%}
    (
        {{ letters_apart(one, other) }} <= case
            when least(length({{ plain_letters(one) }}), length({{ plain_letters(other) }})) < 3
            then -1
            when least(length({{ plain_letters(one) }}), length({{ plain_letters(other) }})) < 6
            then 1
            else 2
        end
    )
{%- endmacro %}

{% macro letters_apart(one, other) -%}
    levenshtein({{ plain_letters(one) }}, {{ plain_letters(other) }})
{%- endmacro %}

{% macro plain_letters(name) -%} {{ regex_replace_all(name, "[^a-z]", "") }} {%- endmacro %}
