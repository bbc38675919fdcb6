{# What others take from a candidate when they are chosen, in packed rooms: {other: its pair of messages}. What two
   messages share is known per pair, except for what they promote. #}
{% macro shared_rooms_of(others, loser) -%}
    (
        {%- for other, pair in others.items() %}
            coalesce({{ pair }}.shared_rooms, 0)
            {%- for scope in shared_scopes() if scope.startswith("product") %}
                + case
                    when {{ other }}.{{ scope }}_value = {{ loser }}.{{ scope }}_value
                    then {{ room_unit(scope) }}
                    else 0
                end
            {%- endfor %}
            {{- " + " if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{# Whether every room of a candidate still has a place once others are chosen: {other: its pair of messages}. #}
{% macro has_room_beside(row, others) -%}
    (
        {{
            has_room(
                "(" ~ row ~ ".rooms - " ~ shared_rooms_of(others, row) ~ ")", shared_scopes()
            )
        }}
    )
{%- endmacro %}

{# The pair of messages that says which scopes two candidates share. One number to join by: it is looked up for nearly
   every candidate in every round. #}
{% macro message_pair(name, winner, loser) -%}
    left join
        {{ ref("int_message_pairs") }} as {{ name }}
        on {{ name }}.winner_number * 1024 + {{ name }}.loser_number
        = {{ winner }}.message_number * 1024 + {{ loser }}.message_number
{%- endmacro %}
