-- Who each identifier is: the oldest identifier that can stand for a customer names the customer.
{{ config(materialized="carried", unique_key=["identifier_key"]) }}
{% set before = identity_before() %}
with
    identifiers as (
        select
            islands.identifier_key,
            judged.is_anchor,
            judged.is_shared,
            judged.loaded_at,
            islands.island_key,
            islands.refusal_reason
        from {{ ref("int_identifier_islands") }} as islands
        inner join
            {{ ref("int_identifiers_judged") }} as judged
            on judged.identifier_key = islands.identifier_key
        where {{ is_new_to_identity("islands.batch", before) }}
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
    ),
    assigned as (
        select
            identifiers.identifier_key,
            case
                when identifiers.refusal_reason is null
                then 'c' || cast(anchors.identifier_key as string)
            end as customer_id,
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
    )
select
    -- keys
    assigned.identifier_key,
    assigned.customer_id,
    -- facts
    assigned.is_shared,
    assigned.refusal_reason,
    {{ identity_batch(before) }} as batch
from assigned
{% if before %}
    -- whoever is who he was is left alone, and so is everything that hangs on him
    left join {{ this }} as held on held.identifier_key = assigned.identifier_key
    where
        held.identifier_key is null
        or held.customer_id is distinct from assigned.customer_id
        or held.is_shared <> assigned.is_shared
        or held.refusal_reason is distinct from assigned.refusal_reason
        or held.batch > {{ before["batch"] }}
{% endif %}
