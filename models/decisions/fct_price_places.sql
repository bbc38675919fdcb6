-- What each message takes of every cap and budget that everybody shares, and the part of what was
-- left of those before the run chose that falls to the sampled customers.
with
    sample as (
        select least(1, {{ var("price_sample_customers") }} / cast(count(*) as double)) as share
        from {{ ref("dim_customers") }}
    ),
    messages as (
        -- which product it will be is not known yet
        select *, cast(null as string) as product_id, cast(null as string) as product_category
        from {{ ref("int_messages__ready") }}
        where tier > 0 and count_to_caps
    ),
    places as (
        select
            m.message_id,
            c.policy_id,
            {{ scope_value("c.scope_type", "m") }} as scope_key,
            case when c.measure = 'money' then m.cost_milli / 1000.0e0 else 1.0e0 end as takes,
            case when c.measure = 'money' then 1000.0e0 else 1.0e0 end as unit,
            c.most
        from messages as m
        join
            {{ ref("int_caps__ready") }} as c
            on c.unit = 'all'
            and c.segment_bit = 0
            and c.from_tier = 0
            and {{ is_in_scope("c", "m") }}
    )
select
    -- keys
    p.message_id,
    p.policy_id,
    p.scope_key,
    -- facts
    cast(p.takes as double) as takes,
    cast(sample.share * greatest(p.most - coalesce(n.used, 0), 0) / p.unit as double) as left_over
from places as p
cross join sample
left join
    {{ ref("int_cap_counts") }} as n
    on n.policy_id = p.policy_id
    and n.unit = 'all'
    and n.scope_key = p.scope_key
where p.takes > 0
