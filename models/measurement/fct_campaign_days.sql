-- How many letter campaigns a household was in on each day: the overlaps nobody planned.
with
    digits as (
        select cast(0 as bigint) as digit
        union all
        select 1
        union all
        select 2
        union all
        select 3
        union all
        select 4
        union all
        select 5
        union all
        select 6
        union all
        select 7
        union all
        select 8
        union all
        select 9
    ),
    offsets as (
        select hundreds.digit * 100 + tens.digit * 10 + ones.digit as day_offset
        from digits as hundreds
        cross join digits as tens
        cross join digits as ones
        where hundreds.digit < 4
    ),
    memberships as (
        select distinct
            contacts.customer_id, contacts.campaign, campaigns.starts_date, campaigns.ends_date
        from {{ ref("fct_contacts") }} as contacts
        inner join
            {{ ref("stg_mailhouse__campaigns") }} as campaigns
            on contacts.campaign = campaigns.campaign
        where contacts.customer_id is not null and contacts.channel = 'direct_mail'
    )
select
    -- keys
    memberships.customer_id,
    {{ date_plus_days("memberships.starts_date", "offsets.day_offset") }} as campaign_date,
    -- facts
    count(distinct memberships.campaign) as campaign_count
from memberships
inner join
    offsets
    on offsets.day_offset <= {{ days_between("memberships.starts_date", "memberships.ends_date") }}
group by 1, 2
