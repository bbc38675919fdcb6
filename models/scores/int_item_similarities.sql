-- How alike the buyers of two items are: those who bought both, over the geometric mean of those
-- who bought each.
with
    holders as (select distinct customer_id, item from {{ ref("int_item_purchases") }}),
    buyers as (
        select item, count(*) as buyer_count
        from holders
        group by item
        having count(*) >= {{ var("next_product_least_buyers") }}
    ),
    kept as (
        select holders.customer_id, holders.item
        from holders
        inner join buyers on buyers.item = holders.item
    ),
    together as (
        select one.item, other.item as neighbour, count(*) as both_count
        from kept as one
        inner join kept as other on other.customer_id = one.customer_id
        where one.item <> other.item
        group by one.item, other.item
        having count(*) >= 2
    ),
    measured as (
        select
            together.item,
            together.neighbour,
            together.both_count,
            cast(
                round(
                    1.0e10
                    * together.both_count
                    / sqrt(cast(mine.buyer_count as double) * cast(theirs.buyer_count as double))
                ) as bigint
            ) as similarity_e10
        from together
        inner join buyers as mine on mine.item = together.item
        inner join buyers as theirs on theirs.item = together.neighbour
    ),
    ranked as (
        select
            *,
            row_number() over (partition by item order by similarity_e10 desc, neighbour) as place
        from measured
    )
select
    -- keys
    item,
    neighbour,
    -- facts
    both_count,
    similarity_e10
from ranked
where place <= {{ var("next_product_neighbours") }}
