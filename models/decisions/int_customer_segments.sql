-- Which of the audiences and arms that caps speak of a customer is in, as one number;
-- nobody without any.
select
    -- keys
    m.customer_id,
    -- facts
    cast(sum(s.segment_bit) as bigint) as segment_mask
from
    (
        select audience, customer_id
        from {{ ref("fct_audience_members") }}
        where
            audience in (select segment from {{ ref("int_cap_segments") }})
            and (expires_at is null or expires_at > {{ as_of() }})
            and {{ is_concerned("customer_id") }}
        union
        select segment as audience, customer_id
        from {{ ref("int_customer_arms") }}
        where {{ is_concerned("customer_id") }}
    ) as m
join {{ ref("int_cap_segments") }} as s on s.segment = m.audience
group by m.customer_id
