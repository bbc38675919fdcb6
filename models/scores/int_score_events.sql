-- What a customer did and met, in one shape: when it happened, and from when on we knew it.
{{ config(materialized="view") }}
with
    arrived as (
        select 'web' as place, order_id, max(loaded_at) as loaded_at
        from {{ ref("stg_shop__orders") }}
        group by order_id
        union all
        select 'store' as place, receipt_id as order_id, max(loaded_at) as loaded_at
        from {{ ref("stg_pos__receipt_lines") }}
        group by receipt_id
    ),
    orders as (
        select
            bought.customer_id,
            case when bought.is_refund then 'refund' else 'order' end as kind,
            cast(sum(cast(round(100 * bought.amount) as bigint)) as bigint) as amount_cents,
            min(bought.purchased_at) as occurred_at,
            max(arrived.loaded_at) as loaded_at
        from {{ ref("fct_purchases") }} as bought
        left join arrived on arrived.place = bought.place and arrived.order_id = bought.order_id
        where bought.customer_id is not null
        group by bought.customer_id, bought.place, bought.order_id, bought.is_refund
    ),
    visits as (
        select
            coalesce(by_account.customer_id, by_cookie.customer_id) as customer_id,
            events.event_type as kind,
            cast(0 as bigint) as amount_cents,
            events.occurred_at,
            events.loaded_at
        from {{ ref("stg_site__events") }} as events
        left join
            {{ ref("dim_customer_identifiers") }} as by_account
            on by_account.identifier_type = 'account'
            and by_account.identifier = events.account_id
            and not by_account.is_shared
        left join
            {{ ref("dim_customer_identifiers") }} as by_cookie
            on by_cookie.identifier_type = 'cookie'
            and by_cookie.identifier = events.cookie_id
            and not by_cookie.is_shared
        where not events.is_future and events.event_type in ('visit', 'product_view', 'add_to_cart')
    ),
    contacts as (
        select customer_id, kind, cast(0 as bigint) as amount_cents, occurred_at, loaded_at
        from {{ ref("int_score_contacts") }}
        where kind in ('sent', 'opened', 'clicked')
    ),
    cases as (
        select
            cases.customer_id,
            'ticket' as kind,
            cast(0 as bigint) as amount_cents,
            cases.opened_at as occurred_at,
            tickets.loaded_at
        from {{ ref("fct_cases") }} as cases
        inner join {{ ref("stg_desk__tickets") }} as tickets on tickets.ticket_id = cases.ticket_id
    ),
    events as (
        select *
        from orders
        union all
        select *
        from visits
        union all
        select *
        from contacts
        union all
        select *
        from cases
    ),
    histories as (
        select kind, min(cast(loaded_at as date)) as loaded_date from events group by kind
    )
select
    -- keys
    events.customer_id,
    -- facts
    events.kind,
    events.amount_cents,
    -- times
    events.occurred_at,
    {{ known_at() }} as known_at
from events
left join histories on histories.kind = events.kind
where events.customer_id is not null and events.occurred_at is not null
