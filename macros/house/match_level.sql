{# How well a field of two records agrees, in words. A single letter agrees with every given name it begins. #}
{% macro match_level(field, left="one", right="other") -%}
    {% set one, other = left ~ "." ~ field, right ~ "." ~ field %}
    case
        when {{ one }} is null or {{ other }} is null
        then 'unknown'
        {% if field in match_names() %}
            when {{ one }} = {{ other }} and {{ one }}_rarity > 0
            then case when {{ one }}_rarity = 2 then 'same and rare' else 'same and uncommon' end
        {% endif %}
        when {{ one }} = {{ other }}
        then 'same'
        {% if field == "given_name" %}
            when
                least(length({{ one }}), length({{ other }})) = 1
                and substr({{ one }}, 1, 1) = substr({{ other }}, 1, 1)
            then 'initial'
        {% endif %}
        when levenshtein({{ one }}, {{ other }}) = 1
        then 'one off'
        when levenshtein({{ one }}, {{ other }}) = 2
        then 'two off'
        else 'different'
    end
{%- endmacro %}
