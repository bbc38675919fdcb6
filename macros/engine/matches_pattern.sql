{# Whether a text matches a regular expression anywhere; the pattern is a column or a literal. #}
{% macro matches_pattern(text, pattern) -%}
    {{ adapter.dispatch("matches_pattern", "downbeat")(text, pattern) }}
{%- endmacro %}

{% macro default__matches_pattern(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}

{% macro spark__matches_pattern(text, pattern) -%}
    regexp ({{ text }}, {{ pattern }})
{%- endmacro %}
