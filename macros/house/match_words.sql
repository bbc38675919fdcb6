{# What was compared and how well it agrees, in words: family name same and rare, birth date one off. #}
{% macro match_words(row) -%}
    substr(
        ''
        {%- for field in match_fields() %}
            || case
                when {{ row }}.{{ field }}_level <> 'unknown'
                then ', {{ field | replace("_", " ") }} ' || {{ row }}.{{ field }}_level
                else ''
            end
        {%- endfor %},
        3
    )
{%- endmacro %}

{# A weight in thousandths of a bit as a probability in millionths. #}
{% macro match_probability(weight) -%}
    cast(
        round(
            1000000 / (
                1 + power(
                    cast(2 as double),
                    least(greatest(-{{ weight }}, -60000), 60000) / cast(1000 as double)
                )
            )
        ) as bigint
    )
{%- endmacro %}
