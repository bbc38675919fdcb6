{# One round of deciding: each customer proposes one open candidate, shared caps admit the best proposals, and what was
   chosen takes its room. The columns are those of the round before: what has a first reason has ended, and is not read
   again before the ledger. #}
{% macro decision_round(number) -%}
    with
        {{ round_proposals(number) }},
        {{ proposals_queued(number) }},
        {{ round_winners() }},
        {{ shared_ends() }},
        {{ round_lowered(number) }}
        {{ round_columns(number) }}
{%- endmacro %}

{# What is open before a round: most of all candidates, so read wherever it is asked for and never kept. #}
{% macro alive_before(number) -%}
    (select * from {{ ref("int_round_" ~ (number - 1)) }} where first_reason is null)
{%- endmacro %}

{# Every room after the round: a winner takes one of each scope that the other candidate shares with it, unless it is
   withheld and the next gets its place. #}
{% macro round_lowered(number) -%}
    lowered as (
        select
            {{ candidate_columns("a") }},
            a.instance,
            a.reason_mask,
            a.score,
            w.message_number as winner_number,
            coalesce(w.message_number = a.message_number, false) as is_chosen,
            w.gives_place,
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

{# What a candidate is chosen by, from round to round. #}
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

{# The columns of a round: what was chosen, refused by a shared cap or beaten has ended and says so as the ledger does. #}
{% macro round_columns(number) -%}
    select
        -- keys
        {{ candidate_columns("ended") }},
        instance,
        -- facts
        case
            when is_chosen
            then {{ reason_of_choice("ended", "gives_place") }}
            when shared_policy_id <> 0
            then shared_policy_id
            when is_beaten
            then 2000
        end as first_reason,
        {{ mask_of_end("ended") }} as reason_mask,
        case
            when is_chosen
            then {{ number }}
            when shared_policy_id = 0 and is_beaten
            then winner_number
        end as extent,
        score,
        rooms
    from (select *, not {{ has_room("rooms", shared_scopes()) }} as is_beaten from lowered) as ended
{%- endmacro %}

{# What is chosen is sent or withheld; of what is withheld the next may get the place. #}
{% macro reason_of_choice(row, gives_place) -%}
    case
        when ({{ row }}.reason_mask & 2048) = 0 then 0 when {{ gives_place }} then 1901 else 1900
    end
{%- endmacro %}

{# All reasons, with the one that a round has added. #}
{% macro mask_of_end(row) -%}
    {{ row }}.reason_mask + case
        when {{ row }}.is_chosen
        then 0
        when {{ row }}.shared_policy_id <> 0
        then 32768
        when {{ row }}.is_beaten
        then 256
        else 0
    end
{%- endmacro %}
