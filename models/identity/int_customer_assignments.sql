-- Who each identifier is: the oldest that can stand for a customer names it.
{{ config(materialized="carried", unique_key=["identifier_key"]) }}
{% set before = identity_before() %}
{% set joins = var("match_joins") %}
with
    islands as (
        select *
        from {{ ref("int_identifier_islands") }}
        where {{ is_new_to_identity("batch", before) }}
        {% if before %}
            union all
            select *
            from {{ ref("int_identifier_islands") }}
            where
                not ({{ is_new_to_identity("batch", before) }})
                and identifier_key in (
                    select identifier_key
                    from {{ this }}
                    where is_matched
                    {% if joins %}
                        union
                        select identifier_key
                        from {{ ref("int_identifier_islands") }}
                        where island_key in (select island_key from {{ ref("int_match_groups") }})
                    {% endif %}
                )
        {% endif %}
    ),
    identifiers as (
        select
            islands.identifier_key,
            islands.is_anchor,
            islands.is_shared,
            islands.loaded_at,
            islands.step,
            {% if joins %}
                coalesce(groups.group_key, islands.island_key) as island_key,
                groups.island_key is not null as is_matched,
            {% else %} islands.island_key, false as is_matched,
            {% endif %}
            islands.refusal_reason
        from islands
        {% if joins %}
            left join
                {{ ref("int_match_groups") }} as groups on groups.island_key = islands.island_key
        {% endif %}
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
                when identifiers.refusal_reason is null then anchors.identifier_key
            end as customer_number,
            identifiers.is_matched,
            identifiers.step,
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
    assigned.customer_number,
    -- facts
    assigned.is_shared,
    assigned.is_matched,
    assigned.step,
    assigned.refusal_reason,
    {{ identity_batch(before) }} as batch
from assigned
{% if before %}
    -- whoever is who he was is left alone, and so is everything that hangs on him
    left join {{ this }} as held on held.identifier_key = assigned.identifier_key
    where
        held.identifier_key is null
        or held.customer_number is distinct from assigned.customer_number
        or held.is_shared <> assigned.is_shared
        or held.is_matched <> assigned.is_matched
        or held.step <> assigned.step
        or held.refusal_reason is distinct from assigned.refusal_reason
        or held.batch > {{ before["batch"] }}
{% endif %}
