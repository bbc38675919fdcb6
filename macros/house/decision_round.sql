{# One round of deciding: each customer proposes one open candidate, shared caps admit the best proposals, and what was
   chosen takes its room. The columns are those of the round before. #}
{% macro decision_round(number) -%}
    with
        {{ round_proposals(number) }},
        {{ proposals_queued(number) }},
        {{ round_winners() }},
        {{ shared_ends() }},
        {{ round_lowered(number) }}
        {{ round_columns() }}
{%- endmacro %}

{# What is open before a round: most of all candidates, so read wherever it is asked for and never kept. #}
{% macro alive_before(number) -%}
    (select * from {{ ref("int_round_" ~ (number - 1)) }} where is_open)
{%- endmacro %}

{# Every room after the round: a winner takes one of each scope that the other candidate shares with it, unless it is
   withheld and the next gets its place. #}
{% macro round_lowered(number) -%}
    lowered as (
        select
            {{ candidate_columns("a") }},
            w.message_number as winner_number,
            coalesce(w.message_number = a.message_number, false) as is_chosen,
            coalesce(e.shared_policy_id, 0) as shared_policy_id,
            a.rooms - case
                when w.gives_place then 0 else {{ shared_rooms_of({"w": "p"}, "a") }}
            end as rooms
        from {{ alive_before(number) }} as a
        left join winners as w on w.customer_number = a.customer_number
        left join
            ends as e
            on e.customer_number = a.customer_number
            and e.message_number = a.message_number
            {{ message_pair("p", "w", "a") }}
    )
{%- endmacro %}

{# What stays with a candidate from round to round: what it is chosen by. What else the ledger keeps stays where it is. #}
{% macro candidate_columns(row) -%}
    {%- for column in [
        "customer_number",
        "message_number",
        "choice_key",
        "product_value",
        "product_category_value",
    ] %}
        {{ row }}.{{ column }} {{- "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# The columns of a round; open is what may still be chosen in the next. #}
{% macro round_columns() -%}
    select
        -- keys
        {{ candidate_columns("lowered") }},
        winner_number,
        shared_policy_id,
        -- facts
        is_chosen,
        not is_chosen
        and shared_policy_id = 0
        and {{ has_room("rooms", shared_scopes()) }} as is_open,
        rooms
    from lowered
{%- endmacro %}
