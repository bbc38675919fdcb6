{# What each customer proposes in a round: their best open candidate, unless two of its tier that it shuts out bring more
   together, each way counted with the best third that still fits. Then it is the better of those two. #}
{% macro round_proposals(number) -%}
    {{ favourites_of_round(number) }},
    {{ beside_favourites(number) }},
    {{ rivals_of_favourites(number) }},
    {{ couples_to_weigh(number) }},
    {{ couples_weighed() }},
    proposals as (
        select {{ proposal_columns("f") }}
        from favourites as f
        left join preferred as p on p.customer_number = f.customer_number
        where p.customer_number is null
        union all
        select {{ proposal_columns("c") }}
        from contested as c
        join preferred as p on p.customer_number = c.customer_number and p.choice_key = c.choice_key
    )
{%- endmacro %}

{# The best open candidate of each customer. #}
{% macro favourites_of_round(number) -%}
    best as (
        select customer_number, min(choice_key) as choice_key
        from {{ alive_before(number) }} as alive
        group by customer_number
    ),
    favourites as (
        select a.*
        from {{ alive_before(number) }} as a
        join best as b on b.customer_number = a.customer_number and b.choice_key = a.choice_key
    )
{%- endmacro %}

{# What a proposal carries. #}
{% macro proposal_columns(row) -%}
    {{ row }}.customer_number,
    {{ row }}.message_number,
    {{ row }}.choice_key,
    {{ row }}.product_value,
    {{ row }}.product_category_value
{%- endmacro %}

{# The others of the favourite's tier, and whether they fit beside it. Where only one more may be sent at all there is
   nothing to weigh. #}
{% macro beside_favourites(number) -%}
    rest as (
        select a.customer_number, a.choice_key, {{ has_room_beside("a", {"f": "p"}) }} as is_beside
        from {{ alive_before(number) }} as a
        join
            favourites as f
            on f.customer_number = a.customer_number
            and f.message_number <> a.message_number
            and {{ room_of("global", "f.rooms") }} > 1
            and {{ tier_of_key("f.choice_key") }} = {{ tier_of_key("a.choice_key") }}
            {{ message_pair("p", "f", "a") }}
    ),
    seconds as (
        select customer_number, min(choice_key) as choice_key
        from rest
        where is_beside
        group by customer_number
    )
{%- endmacro %}

{# Whom the favourite shuts out and who stand before the second best of those that fit beside it: what is worth less than
   that cannot be half of a better couple, or hardly ever. #}
{% macro rivals_of_favourites(number) -%}
    thirds as (
        select r.customer_number, min(r.choice_key) as choice_key
        from rest as r
        join seconds as s on s.customer_number = r.customer_number and s.choice_key < r.choice_key
        where r.is_beside
        group by r.customer_number
    ),
    rivals as (
        select a.*
        from rest as r
        join
            {{ alive_before(number) }} as a
            on a.customer_number = r.customer_number
            and a.choice_key = r.choice_key
        left join thirds as t on t.customer_number = r.customer_number
        where not r.is_beside and (t.choice_key is null or r.choice_key < t.choice_key)
    )
{%- endmacro %}
