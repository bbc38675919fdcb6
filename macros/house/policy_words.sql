{# The window of a cap or budget in words. #}
{% macro window_words(row) -%}
    ' in '
    || cast({{ row }}.window_n as string)
    || ' '
    || {{ row }}.window_unit
    || case when {{ row }}.window_n = 1 then ', ' else 's, ' end
{%- endmacro %}

{# What a cap or budget counts together, in words. #}
{% macro scope_words(row) -%}
    case
        when {{ row }}.scope_type = 'global'
        then 'all messages together'
        when {{ row }}.scope_key = '*'
        then 'for each ' || {{ row }}.scope_type
        else {{ row }}.scope_type || ' ' || {{ row }}.scope_key
    end
{%- endmacro %}
