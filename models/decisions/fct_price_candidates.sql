-- Candidates of some customers with room of their own, and the rooms they would take a
-- place in: what the prices of shared places are solved on.
with
    size as (select count(*) as customer_count from {{ ref("dim_customers") }}),
    sampled as (
        select c.customer_id, c.customer_number
        from {{ ref("int_customer_clocks") }} as c
        cross join size
        where
            {{ bucket_of("'price'", "c.customer_id", 1000000) }} * size.customer_count
            < 1000000 * cast({{ var("price_sample_customers") }} as bigint)
    )
select
    -- keys
    sampled.customer_id,
    m.message_id,
    -- facts
    r.score - coalesce(p.price, 0) + coalesce(p.place_price, 0) as worth,
    m.channel,
    m.category,
    m.campaign,
    m.exclusion_group,
    c.product_id,
    c.product_category,
    {% for scope in cap_scopes() %}
        {{ room_of(scope, "r.rooms") }} as {{ scope }}_room {{- "," if not loop.last }}
    {% endfor %}
from {{ ref("int_candidates__roomed") }} as r
join sampled on sampled.customer_number = r.customer_number
join
    {{ ref("fct_candidates") }} as c
    on c.customer_number = r.customer_number
    and c.message_number = r.message_number
join {{ ref("int_messages__ready") }} as m on m.message_number = r.message_number
left join {{ ref("int_message_prices") }} as p on p.message_number = r.message_number
where
    -- below its price it may still be worth the places alone
    (r.choice_key is not null or r.first_reason = 1930)
    and m.count_to_caps
    and r.score - coalesce(p.price, 0) + coalesce(p.place_price, 0) >= 0
