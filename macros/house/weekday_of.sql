{# 1 = Monday to 7 = Sunday, counted from a Monday, because engines number weekdays differently. #}
{% macro weekday_of(moment) -%}
    (({{ days_between("timestamp '1970-01-05 00:00:00'", moment) }}) % 7 + 1)
{%- endmacro %}

{# The Monday of a moment's week, at midnight. #}
{% macro monday_of(moment) -%}
    {{
        add_seconds(
            "cast(cast(" ~ moment ~ " as date) as timestamp)",
            "-86400 * (" ~ weekday_of(moment) ~ " - 1)",
        )
    }}
{%- endmacro %}

{# Weeks from Monday since a Monday long ago, so that the difference of two is the weeks between them. #}
{% macro week_number(moment) -%}
    {{ whole_division(days_between("timestamp '1970-01-05 00:00:00'", moment), 7) }}
{%- endmacro %}
