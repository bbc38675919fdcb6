{# Who among the proposals stands ahead of whom at each shared cap, the best first, and what earlier rounds have left
   of it. What is withheld needs room but takes none. #}
{% macro proposals_queued(number) -%}
    spent as ({{ shared_spent(number) }}),
    queue as (
        select
            s.*,
            s.room - coalesce(t.spent, 0) as room_left,
            sum(s.takes) over (
                partition by s.pool_id
                order by p.choice_key, p.customer_number
                rows between unbounded preceding and current row
            )
            - s.takes as ahead
        from {{ ref("int_shared_places") }} as s
        join
            proposals as p
            on p.customer_number = s.customer_number
            and p.message_number = s.message_number
        left join spent as t on t.pool_id = s.pool_id
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

{# What the choices of earlier rounds have taken from each shared cap: what is withheld takes nothing. #}
{% macro shared_spent(number) -%}
    select s.pool_id, cast(sum(s.takes) as bigint) as spent
    from {{ ref("int_shared_places") }} as s
    join
        (
            {%- for earlier in range(number) %}
                select customer_number, message_number
                from {{ ref("int_round_" ~ earlier) }}
                where first_reason = 0 {{ "union all" if not loop.last }}
            {%- endfor %}
        ) as chosen
        on chosen.customer_number = s.customer_number
        and chosen.message_number = s.message_number
    group by s.pool_id
{%- endmacro %}

{# The shared cap that has no more room for a candidate once this round's winners have theirs. Where none of them takes
   anything, nothing has ended since the round before. #}
{% macro shared_ends() -%}
    taken as (
        select q.pool_id, min(q.room_left) - cast(sum(q.takes) as bigint) as room_left
        from queue as q
        join
            winners as w
            on w.customer_number = q.customer_number
            and w.message_number = q.message_number
        group by q.pool_id
    ),
    ends as (
        select s.customer_number, s.message_number, min(s.policy_id) as shared_policy_id
        from {{ ref("int_shared_places") }} as s
        join taken as t on t.pool_id = s.pool_id
        where s.is_bound and t.room_left < s.needs
        group by s.customer_number, s.message_number
    )
{%- endmacro %}
