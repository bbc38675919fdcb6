{# A person's own share so far, drawn towards everybody's by as many trials as the model in force says. #}
{% macro drawn_share(habits, weights) -%}
    (
        {{ habits }}.own_success_count
        + {{ weights }}.prior_count
        * {{ habits }}.base_success_count
        / {{ habits }}.base_trial_count
    )
    / ({{ habits }}.own_trial_count + {{ weights }}.prior_count)
{%- endmacro %}
