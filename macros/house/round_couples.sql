{# Any two rivals that fit together; and, to be held against them, the favourite with its best companion. #}
{% macro couples_to_weigh() -%}
    {% call kept_step("rival_couples") %}
        select one.customer_number, one.choice_key as first_key, two.choice_key as second_key
        from {{ read_step("rivals") }} as one
        join
            {{ read_step("rivals") }} as two
            on two.customer_number = one.customer_number
            and two.choice_key > one.choice_key
            {{ message_pair("p", "one", "two") }}
        where {{ has_room_beside("two", {"one": "p"}) }}
    {% endcall %},
    {{ contested_candidates() }},
    {% call kept_step("couples") %}
        select customer_number, first_key, second_key
        from {{ read_step("rival_couples") }} as rival_couples
        union all
        select c.customer_number, min(c.choice_key) as first_key, min(s.choice_key) as second_key
        from {{ read_step("contested") }} as c
        left join {{ read_step("seconds") }} as s on s.customer_number = c.customer_number
        group by c.customer_number
    {% endcall %}
{%- endmacro %}

{# The favourite and all that was weighed beside it, of those customers who have such a couple. #}
{% macro contested_candidates() -%}
    {% call kept_step("contested") %}
        {%- for step in ["favourites", "rest"] %}
            select {{ candidate_columns("c") }}, c.rooms
            from {{ read_step(step) }} as c
            where
                c.customer_number
                in (select customer_number from {{ read_step("rival_couples") }} as rival_couples)
            {{ "union all" if not loop.last }}
        {%- endfor %}
    {% endcall %}
{%- endmacro %}

{# What each couple brings with its best third. #}
{% macro couples_weighed() -%}
    {{ thirds_of_couples() }},
    {% call kept_step("weighed") %}
        select
            customer_number,
            first_key,
            {{ worth_of_key("first_key") }}
            + coalesce({{ worth_of_key("second_key") }}, 0)
            + coalesce(
                max(case when is_beside then {{ worth_of_key("third_key") }} end), 0
            ) as worth
        from {{ read_step("thirds_of_couples") }} as thirds_of_couples
        group by customer_number, first_key, second_key
    {% endcall %},
    {{ preferred_halves() }}
{%- endmacro %}

{# The better half of the couple that brings most. #}
{% macro preferred_halves() -%}
    {% call kept_step("preferred") %}
        select w.customer_number, min(w.first_key) as choice_key
        from {{ read_step("weighed") }} as w
        join
            (
                select customer_number, max(worth) as worth
                from {{ read_step("weighed") }} as weighed
                group by customer_number
            ) as m
            on m.customer_number = w.customer_number
            and m.worth = w.worth
        group by w.customer_number
    {% endcall %}
{%- endmacro %}

{# Every third of the same tier, and whether it fits beside both. #}
{% macro thirds_of_couples() -%}
    {%- set contested = read_step("contested") -%}
    {% call kept_step("thirds_of_couples") %}
        select
            c.*,
            x.choice_key as third_key,
            {{ has_room_beside("x", {"one": "p", "two": "q"}) }} as is_beside
        from {{ read_step("couples") }} as c
        join
            {{ contested }} as one
            on one.customer_number = c.customer_number
            and one.choice_key = c.first_key
        left join
            {{ contested }} as two
            on two.customer_number = c.customer_number
            and two.choice_key = c.second_key
        left join
            {{ contested }} as x
            on x.customer_number = c.customer_number
            and x.choice_key not in (c.first_key, coalesce(c.second_key, c.first_key))
            and {{ tier_of_key("x.choice_key") }} = {{ tier_of_key("c.first_key") }}
            {{ message_pair("p", "one", "x") }} {{ message_pair("q", "two", "x") }}
    {% endcall %}
{%- endmacro %}
