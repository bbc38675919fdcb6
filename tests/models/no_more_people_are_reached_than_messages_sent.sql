-- On no day more customers reached than messages counted, nor more collisions than customers.
with
    days as (
        select
            date,
            sum(case when metric = 'reach' then value else 0 end) as reach,
            sum(case when metric = 'messages_sent' then value else 0 end) as messages,
            sum(case when metric = 'collisions' then value else 0 end) as collisions
        from {{ ref("fct_daily_numbers") }}
        group by date
    )
select date, reach, messages, collisions
from days
where reach > messages or collisions > reach
