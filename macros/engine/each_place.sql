{# Behind a table in `from`: its rows once for every whole number between two, as places.place. #}
{% macro each_place(first, last) -%}
    {{ adapter.dispatch("each_place", "downbeat")(first, last) }}
{%- endmacro %}

{% macro default__each_place(first, last) -%}
    cross join unnest(range(cast({{ first }} as bigint), {{ last }} + 1)) as places(place)
{%- endmacro %}

{% macro spark__each_place(first, last) -%}
    lateral view
        explode(sequence(cast({{ first }} as bigint), cast({{ last }} as bigint))) places as place
{%- endmacro %}
