{# What is left of each shared cap for each candidate. What is withheld needs room but takes none. #}
{% macro shared_places_left(number) -%}
    spent as ({{ shared_spent(number) }}),
    places as (
        select s.*, s.room - coalesce(t.spent, 0) as room_left
        from {{ ref("int_shared_places") }} as s
        join
            {{ alive_before(number) }} as a
            on a.customer_number = s.customer_number
            and a.message_number = s.message_number
        left join spent as t on t.pool_id = s.pool_id
    )
{%- endmacro %}

{# Who among the proposals stands ahead of whom at each shared cap, the best first. #}
{% macro proposals_queued() -%}
    queue as (
        select
            s.*,
            sum(s.takes) over (
                partition by s.pool_id
                order by p.choice_key, p.customer_number
                rows between unbounded preceding and current row
            )
            - s.takes as ahead
        from places as s
        join
            proposals as p
            on p.customer_number = s.customer_number
            and p.message_number = s.message_number
    )
{%- endmacro %}

{# The proposals that no shared cap must refuse. #}
{% macro round_winners() -%}
    refused as (
        select distinct customer_number, message_number
        from queue
        where is_bound and ahead + needs > room_left
    ),
    winners as (
        select p.*, coalesce(x.gives_place, false) as gives_place
        from proposals as p
        left join
            refused as r
            on r.customer_number = p.customer_number
            and r.message_number = p.message_number
        left join
            {{ ref("int_candidates__excepted") }} as x
            on x.customer_number = p.customer_number
            and x.message_number = p.message_number
            and x.gives_place
        where r.customer_number is null
    )
{%- endmacro %}

{# What the choices of earlier rounds have taken from each shared cap. #}
{% macro shared_spent(number) -%}
    select s.pool_id, sum(s.takes) as spent
    from {{ ref("int_shared_places") }} as s
    join
        (
            {%- for earlier in range(number) %}
                select customer_number, message_number
                from {{ ref("int_round_" ~ earlier) }}
                where is_chosen {{ "union all" if not loop.last }}
            {%- endfor %}
        ) as chosen
        on chosen.customer_number = s.customer_number
        and chosen.message_number = s.message_number
    group by s.pool_id
{%- endmacro %}

{# The shared cap that has no more room for a candidate once this round's winners have theirs. #}
{% macro shared_ends() -%}
    taken as (
        select q.pool_id, sum(q.takes) as taken
        from queue as q
        join
            winners as w
            on w.customer_number = q.customer_number
            and w.message_number = q.message_number
        group by q.pool_id
    ),
    ends as (
        select q.customer_number, q.message_number, min(q.policy_id) as shared_policy_id
        from places as q
        left join taken as t on t.pool_id = q.pool_id
        where q.is_bound and q.room_left - coalesce(t.taken, 0) < q.needs
        group by q.customer_number, q.message_number
    )
{%- endmacro %}
