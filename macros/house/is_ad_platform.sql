{# Destinations that show ads, by their names in destinations.csv: theirs is the consent to paid social. #}
{% macro is_ad_platform(destination) -%}
    {{ destination }} in ('meta', 'google_data_manager', 'tiktok')
{%- endmacro %}
