-- Who each identifier is: the oldest identifier that can stand for a customer names the customer.
with
    identifiers as (
        select
            judged.identifier_key,
            judged.identifier_type,
            judged.identifier,
            judged.is_anchor,
            judged.is_shared,
            judged.loaded_at,
            islands.island_key,
            islands.refusal_reason,
            islands.step
        from {{ ref("int_identifiers_judged") }} as judged
        inner join
            {{ ref("int_identifier_islands") }} as islands
            on islands.identifier_key = judged.identifier_key
    ),
    anchors as (
        select
            island_key,
            identifier_key,
            row_number() over (
                partition by island_key order by loaded_at, identifier_key
            ) as age_rank
        from identifiers
        where is_anchor and refusal_reason is null
    )
select
    -- keys
    identifiers.identifier_key,
    case
        when identifiers.refusal_reason is null then 'c' || cast(anchors.identifier_key as string)
    end as customer_id,
    -- identifiers
    identifiers.identifier_type,
    identifiers.identifier,
    -- facts
    coalesce(identifiers.is_shared, false)
    or coalesce(identifiers.refusal_reason like 'gave way%', false) as is_shared,
    coalesce(
        identifiers.refusal_reason,
        case
            when anchors.identifier_key is null
            then 'anonymous: never seen with an account, card or address'
        end
    ) as refusal_reason
from identifiers
left join anchors on anchors.island_key = identifiers.island_key and anchors.age_rank = 1
