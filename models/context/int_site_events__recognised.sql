-- What people did on the site lately: by account once logged in, else by browser.
with
    lately as (
        select event_id, cookie_id, account_id, event_type, product_id, occurred_at
        from {{ ref("stg_site__events") }}
        where
            not is_future
            and {{ days_between("occurred_at", as_of()) }} <= {{ var("contact_history_days") }}
    ),
    visitors as (select distinct cookie_id, coalesce(account_id, '') as account_id from lately),
    recognised as (
        select
            visitors.cookie_id,
            visitors.account_id,
            coalesce(by_account.customer_id, by_cookie.customer_id) as customer_id
        from visitors
        left join
            {{ ref("int_identifiers__owned") }} as by_account
            on by_account.identifier_type = 'account'
            and by_account.identifier = visitors.account_id
        left join
            {{ ref("int_identifiers__owned") }} as by_cookie
            on by_cookie.identifier_type = 'cookie'
            and by_cookie.identifier = visitors.cookie_id
    )
select
    -- keys
    lately.event_id,
    recognised.customer_id,
    -- facts
    lately.event_type,
    lately.product_id,
    -- times
    lately.occurred_at
from lately
inner join
    recognised
    on recognised.cookie_id = lately.cookie_id
    and recognised.account_id = coalesce(lately.account_id, '')
where recognised.customer_id is not null
