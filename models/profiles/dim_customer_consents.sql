-- Which contact point a channel would use for a customer, and whether it may. Marketing needs a
-- grant and no withdrawal on any point of that kind, nor by a customer who may be the same person;
-- what is transactional needs only that nobody objected.
with
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
        from {{ ref("int_consent_stances") }}
    )
select
    -- keys
    ranked.customer_id,
    ranked.channel,
    ranked.purpose,
    -- identifiers
    ranked.contact_type,
    ranked.contact_point,
    -- facts
    ranked.withdrawn_count = 0
    and lookalikes.customer_id is null
    and (ranked.status = 'granted' or ranked.purpose = 'transactional') as is_granted,
    ranked.is_bounced,
    -- times
    coalesce(ranked.withdrawn_at, lookalikes.withdrawn_at, ranked.occurred_at) as occurred_at
from ranked
left join
    {{ ref("int_withdrawals_by_lookalikes") }} as lookalikes
    on lookalikes.customer_id = ranked.customer_id
    and lookalikes.channel = ranked.channel
    and lookalikes.purpose = ranked.purpose
where ranked.choice = 1
