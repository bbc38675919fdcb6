-- Which contact point a channel would use for a customer, and whether it may. Marketing needs a
-- grant and no withdrawal on any point of that kind; what is transactional needs only that nobody
-- objected.
with
    purposes as (
        select 'marketing' as purpose
        union all
        select 'transactional' as purpose
    ),
    stances as (
        select
            points.customer_id,
            channels.channel,
            purposes.purpose,
            points.contact_type,
            points.contact_point,
            points.is_bounced,
            points.place,
            coalesce(consents.status, 'unknown') as status,
            consents.occurred_at
        from {{ ref("int_customer_contact_points") }} as points
        inner join {{ ref("channels") }} as channels on channels.contact_type = points.contact_type
        cross join purposes
        left join
            {{ ref("fct_consents") }} as consents
            on consents.contact_type = points.contact_type
            and consents.contact_point = points.contact_point
            and consents.channel = channels.channel
            and consents.purpose = purposes.purpose
    ),
    ranked as (
        select
            customer_id,
            channel,
            purpose,
            contact_type,
            contact_point,
            is_bounced,
            status,
            occurred_at,
            max(case when status = 'withdrawn' then 1 else 0 end) over (
                partition by customer_id, channel, purpose
            ) as withdrawn_count,
            max(case when status = 'withdrawn' then occurred_at end) over (
                partition by customer_id, channel, purpose
            ) as withdrawn_at,
            row_number() over (
                partition by customer_id, channel, purpose
                order by
                    case when status = 'granted' then 0 else 1 end,
                    case when is_bounced then 1 else 0 end,
                    place
            ) as choice
        from stances
    )
select
    -- keys
    customer_id,
    channel,
    purpose,
    -- identifiers
    contact_type,
    contact_point,
    -- facts
    withdrawn_count = 0 and (status = 'granted' or purpose = 'transactional') as is_granted,
    is_bounced,
    -- times
    coalesce(withdrawn_at, occurred_at) as occurred_at
from ranked
where choice = 1
