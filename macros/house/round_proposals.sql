{# What each customer proposes in a round: their best open candidate, unless two of its tier that it shuts out bring more
   together, each way counted with the best third that still fits. Then it is the better of those two. #}
{% macro round_proposals(number) -%}
    {{ favourites_of_round(number) }},
    {{ beside_favourites(number) }},
    {{ rivals_of_favourites() }},
    {{ couples_to_weigh() }},
    {{ couples_weighed() }},
    {% call kept_step("proposals") %}
        select {{ candidate_columns("f") }}
        from {{ read_step("favourites") }} as f
        left join {{ read_step("preferred") }} as p on p.customer_number = f.customer_number
        where p.customer_number is null
        union all
        select {{ candidate_columns("c") }}
        from {{ read_step("contested") }} as c
        join
            {{ read_step("preferred") }} as p
            on p.customer_number = c.customer_number
            and p.choice_key = c.choice_key
    {% endcall %}
{%- endmacro %}

{# The best open candidate of each customer. #}
{% macro favourites_of_round(number) -%}
    {% call kept_step("favourites") %}
        select {{ candidate_columns("a") }}, a.rooms
        from {{ alive_before(number) }} as a
        join
            (
                select customer_number, min(choice_key) as choice_key
                from {{ alive_before(number) }} as alive
                group by customer_number
            ) as b
            on b.customer_number = a.customer_number
            and b.choice_key = a.choice_key
    {% endcall %}
{%- endmacro %}

{# The others of the favourite's tier, and whether they fit beside it: all that a round weighs. Where only one more may be
   sent at all there is nothing to weigh. #}
{% macro beside_favourites(number) -%}
    {% call kept_step("rest") %}
        select
            {{ candidate_columns("a") }},
            a.rooms,
            {{ has_room_beside("a", {"f": "p"}) }} as is_beside
        from {{ alive_before(number) }} as a
        join
            {{ read_step("favourites") }} as f
            on f.customer_number = a.customer_number
            and f.message_number <> a.message_number
            and {{ room_of("global", "f.rooms") }} > 1
            and {{ tier_of_key("f.choice_key") }} = {{ tier_of_key("a.choice_key") }}
            {{ message_pair("p", "f", "a") }}
    {% endcall %},
    {% call kept_step("seconds") %}
        select customer_number, min(choice_key) as choice_key
        from {{ read_step("rest") }} as rest
        where is_beside
        group by customer_number
    {% endcall %}
{%- endmacro %}

{# Whom the favourite shuts out and who stand before the second best of those that fit beside it: what is worth less than
   that cannot be half of a better couple, or hardly ever. #}
{% macro rivals_of_favourites() -%}
    {% call kept_step("thirds") %}
        select r.customer_number, min(r.choice_key) as choice_key
        from {{ read_step("rest") }} as r
        join
            {{ read_step("seconds") }} as s
            on s.customer_number = r.customer_number
            and s.choice_key < r.choice_key
        where r.is_beside
        group by r.customer_number
    {% endcall %},
    {% call kept_step("rivals") %}
        select r.*
        from {{ read_step("rest") }} as r
        left join {{ read_step("thirds") }} as t on t.customer_number = r.customer_number
        where not r.is_beside and (t.choice_key is null or r.choice_key < t.choice_key)
    {% endcall %}
{%- endmacro %}
