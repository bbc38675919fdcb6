-- Every life of a customer in a programme: in by its entry event, out by the first of its aim, its
-- exits, a newer life, or its time.
{{ config(materialized="table") }}
with
    entries as (
        select
            p.programme,
            e.customer_id,
            e.product_id,
            e.product_category,
            e.occurred_at,
            coalesce(
                {{
                    seconds_between(
                        "lag(e.occurred_at) over (partition by p.programme, e.customer_id"
                        " order by e.occurred_at, coalesce(e.product_id, ''))",
                        "e.occurred_at",
                    )
                }} >= p.reentry_hours * 3600, true
            ) as is_anew
        from {{ ref("fct_customer_events") }} as e
        join {{ ref("programmes") }} as p on p.enter_on = e.event and {{ is_valid_now("p") }}
    ),
    numbered as (
        select
            *,
            sum(case when is_anew then 1 else 0 end) over (
                partition by programme, customer_id
                order by occurred_at, coalesce(product_id, '')
                rows between unbounded preceding and current row
            ) as life_number
        from entries
    ),
    lives as (
        select
            *,
            min(occurred_at) over (partition by programme, customer_id, life_number) as entered_at,
            row_number() over (
                partition by programme, customer_id, life_number
                order by occurred_at desc, coalesce(product_id, '')
            ) as recency
        from numbered
    ),
    newest as (
        select
            l.*,
            lead(l.entered_at) over (
                partition by l.programme, l.customer_id order by l.life_number
            ) as replaced_at,
            {{ add_seconds("l.entered_at", "3600 * p.life_hours") }} as over_at,
            p.converts_on,
            p.exit_on,
            p.suspends
        from lives as l
        join {{ ref("programmes") }} as p on p.programme = l.programme
        where l.recency = 1
    ),
    left_by as (
        select
            n.programme,
            n.customer_id,
            n.life_number,
            min(
                case when {{ is_listed("e.event", "n.converts_on") }} then e.occurred_at end
            ) as converted_at,
            min(
                case when {{ is_listed("e.event", "n.exit_on") }} then e.occurred_at end
            ) as exited_at
        from newest as n
        join
            {{ ref("fct_customer_events") }} as e
            on e.customer_id = n.customer_id
            and e.occurred_at > n.entered_at
        group by n.programme, n.customer_id, n.life_number
    )
select
    -- keys
    n.programme,
    n.customer_id,
    n.programme || '@' || {{ date_text("n.entered_at") }} as instance,
    -- facts
    n.product_id,
    n.product_category,
    n.suspends,
    -- times
    n.entered_at,
    n.replaced_at,
    n.over_at,
    l.converted_at,
    l.exited_at
from newest as n
left join
    left_by as l
    on l.programme = n.programme
    and l.customer_id = n.customer_id
    and l.life_number = n.life_number
