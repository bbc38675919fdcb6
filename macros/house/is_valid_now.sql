{# Whether a dated row of a seed applies: from its first day through its last, both included; no last day = still. #}
{% macro is_valid_now(row) -%}
    (
        {{ row }}.valid_from <= cast({{ as_of() }} as date)
        and ({{ row }}.valid_to is null or {{ row }}.valid_to >= cast({{ as_of() }} as date))
    )
{%- endmacro %}
