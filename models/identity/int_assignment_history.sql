-- Who each identifier was taken for, from when on: one row per change, and none is ever taken back.
{{ config(materialized="incremental") }}
{% set before = identity_before() %}
with
    before as (
        {% if is_incremental() %}
            select
                held.identifier_key,
                held.customer_id,
                held.change_number,
                row_number() over (
                    partition by held.identifier_key order by held.change_number desc
                ) as age_rank
            from {{ this }} as held
            inner join
                {{ ref("int_customer_assignments") }} as moved
                on moved.identifier_key = held.identifier_key
            where {{ is_new_to_identity("moved.batch", before) }}
        {% else %}
            select
                cast(null as bigint) as identifier_key,
                cast(null as string) as customer_id,
                cast(null as bigint) as change_number,
                cast(null as bigint) as age_rank
        {% endif %}
    )
select
    -- keys
    now.identifier_key,
    cast(coalesce(before.change_number, 0) + 1 as bigint) as change_number,
    -- identifiers
    now.customer_id,
    before.customer_id as previous_customer_id,
    -- times
    {{ as_of() }} as valid_from
from {{ ref("int_customer_assignments") }} as now
left join before on before.identifier_key = now.identifier_key and before.age_rank = 1
where
    {{ is_new_to_identity("now.batch", before) }}
    and (
        before.identifier_key is null
        or coalesce(before.customer_id, 'nobody') <> coalesce(now.customer_id, 'nobody')
    )
