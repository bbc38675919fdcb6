{# From when on an event could be known. The first delivery of a kind is its history: what lies in it was known when it
   happened. #}
{% macro known_at() -%}
    case
        when cast(events.loaded_at as date) > histories.loaded_date
        then events.loaded_at
        else events.occurred_at
    end
{%- endmacro %}
