{# A contact's age in the unit of a window, by the clock of its customer or, with house_, of the house. #}
{% macro age_in(contact, window_unit, clock="") -%}
    case
        {{ window_unit }}
        when 'hour'
        then {{ contact }}.age_hours
        when 'day'
        then {{ contact }}.{{ clock }}age_days
        when 'week'
        then {{ contact }}.{{ clock }}age_weeks
        else {{ contact }}.{{ clock }}age_months
    end
{%- endmacro %}
