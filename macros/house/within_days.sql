{# How many events of a kind (or how much of them) lie at most some days before the cutoff; without days, ever. #}
{% macro within_days(kind, days=none, what="1") -%}
    cast(
        sum(
            case
                when kind = '{{ kind }}' {%- if days %} and age_days < {{ days }}{% endif %}
                then {{ what }}
                else 0
            end
        ) as bigint
    )
{%- endmacro %}
