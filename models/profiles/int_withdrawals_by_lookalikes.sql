-- Channels that a customer who may be the same person has withdrawn from. A match that waits for
-- review takes permission away, and never gives any.
with
    lookalikes as (
        select left_customer_id as customer_id, right_customer_id as other_customer_id
        from {{ ref("fct_match_pairs") }}
        where decision = 'review'
        union
        select right_customer_id as customer_id, left_customer_id as other_customer_id
        from {{ ref("fct_match_pairs") }}
        where decision = 'review'
    )
select
    -- keys
    lookalikes.customer_id,
    stances.channel,
    stances.purpose,
    -- times
    max(stances.occurred_at) as withdrawn_at
from lookalikes
inner join
    {{ ref("int_consent_stances") }} as stances
    on stances.customer_id = lookalikes.other_customer_id
where stances.status = 'withdrawn' and lookalikes.customer_id <> lookalikes.other_customer_id
group by lookalikes.customer_id, stances.channel, stances.purpose
