-- Who each identifier was taken for, from when on: one row per change, and none is ever taken back.
{{ config(materialized="incremental") }}
{% set before = identity_before() %}
with
    held as (
        {% if is_incremental() %}
            select held.*
            from {{ this }} as held
            inner join
                {{ ref("int_customer_assignments") }} as moved
                on moved.identifier_key = held.identifier_key
            where {{ is_new_to_identity("moved.batch", before) }}
        {% else %}
            -- the table is not there: what was published is where it goes on from
            select identifier_key, change_number, customer_id, previous_customer_id, valid_from
            from {{ ref("stg_downbeat__identifier_assignments") }}
        {% endif %}
    ),
    before as (
        select
            *,
            row_number() over (partition by identifier_key order by change_number desc) as age_rank
        from held
    )
{% if not is_incremental() %}
    select identifier_key, change_number, customer_id, previous_customer_id, valid_from
    from held
    union all
{% endif %}
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
