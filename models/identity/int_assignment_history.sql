-- Who each identifier was taken for, from when on: one row per change, and none is ever taken back.
{{ config(materialized="table" if target.type == "spark" else "incremental") }}
with
    before as (
        {% if is_incremental() %}
            select
                identifier_key,
                customer_id,
                change_number,
                row_number() over (
                    partition by identifier_key order by change_number desc
                ) as age_rank
            from {{ this }}
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
    before.identifier_key is null
    or coalesce(before.customer_id, 'nobody') <> coalesce(now.customer_id, 'nobody')
