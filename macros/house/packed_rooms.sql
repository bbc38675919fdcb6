{# The room of one scope in its place among all of them, five bits each: 15 + room, so that the highest of the five is set
   while there is any. More than 16 is as good as 16: nobody gets that many messages in one run. #}
{% macro packed_room(room, unit) -%} (15 + least({{ room }}, 16)) * {{ unit }} {%- endmacro %}

{# What one place in a scope is in packed rooms. #}
{% macro room_unit(scope) -%}
    {{ return(32 ** (cap_scopes().keys() | list).index(scope)) }}
{%- endmacro %}

{# The same where the scope is a column. #}
{% macro room_unit_of(scope_type) -%}
    case
        {{ scope_type }}
        {%- for scope in cap_scopes() %}
            when '{{ scope }}' then {{ room_unit(scope) }}
        {%- endfor %}
    end
{%- endmacro %}

{# The room of one scope, up to 16. #}
{% macro room_of(scope, rooms) -%}
    ({{ whole_division(rooms, room_unit(scope)) }} % 32 - 15)
{%- endmacro %}

{# Whether there is room in every one of these scopes. #}
{% macro has_room(rooms, scopes) -%}
    {%- set bits = namespace(all=0) -%}
    {%- for scope in scopes -%}
        {%- set bits.all = bits.all + 16 * room_unit(scope) -%}
    {%- endfor -%}
    ({{ rooms }} & {{ bits.all }}) = {{ bits.all }}
{%- endmacro %}

{# Policy and how many places more it would have had to allow, where no room is left: room as in int_rooms. #}
{% macro shortage_of(room) -%} case when {{ room }} < 1000000 then {{ room }} end {%- endmacro %}

{# The shortage before any contact of what promotes this product, if it promotes any. #}
{% macro shortage_before(scope, promoted) -%}
    {%- if scope.startswith("product") -%}
        case when {{ promoted }} is not null then l.{{ scope }}_shortage end
    {%- else -%} l.{{ scope }}_shortage
    {%- endif -%}
{%- endmacro %}
