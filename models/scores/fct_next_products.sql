-- Items a customer has not bought and will most likely buy next, each with the item
-- it follows from.
with
    owned as (
        select
            customer_id,
            item,
            row_number() over (
                partition by customer_id order by max(bought_date) desc, item
            ) as recency
        from {{ ref("int_item_purchases") }}
        group by customer_id, item
    ),
    spoken_for as (
        select
            owned.customer_id,
            weights.neighbour as item,
            weights.model_version,
            weights.weight_e10,
            owned.item as because_item,
            row_number() over (
                partition by owned.customer_id, weights.neighbour
                order by weights.weight_e10 desc, owned.item
            ) as strength
        from owned
        inner join {{ ref("int_item_weights") }} as weights on weights.item = owned.item
        where owned.recency <= {{ var("next_product_recent_items") }}
    ),
    summed as (
        select
            customer_id,
            item,
            max(model_version) as model_version,
            cast(sum(weight_e10) as bigint) as score_e10,
            max(case when strength = 1 then because_item end) as because_item
        from spoken_for
        group by customer_id, item
    ),
    ranked as (
        select
            summed.*,
            row_number() over (
                partition by summed.customer_id order by summed.score_e10 desc, summed.item
            ) as place
        from summed
        left join owned on owned.customer_id = summed.customer_id and owned.item = summed.item
        where owned.item is null
    )
select
    -- keys
    customer_id,
    place,
    -- identifiers
    item,
    because_item,
    model_version,
    -- facts
    score_e10 / 1.0e10 as score
from ranked
where place <= {{ var("next_product_places") }}
