-- Who each identifier was taken for, from when on: one row per change, and none is ever taken back.
{{ config(materialized="incremental") }}
{% set before = identity_before() %}
with
    -- an erased identifier is gone from the assignments: that too is a change
    now as (
        select identifier_key, customer_number, false as is_erased
        from {{ ref("int_customer_assignments") }}
        where {{ is_new_to_identity("batch", before) }}
        union all
        select identifier_key, cast(null as bigint) as customer_number, true as is_erased
        from {{ ref("int_identifiers_erased") }}
    ),
    held as (
        {% if is_incremental() %}
            select held.*
            from {{ this }} as held
            inner join now on now.identifier_key = held.identifier_key
        {% else %}
            -- the table is not there: what was published is where it goes on from
            select
                identifier_key,
                change_number,
                {{ customer_number("customer_id") }} as customer_number,
                {{ customer_number("previous_customer_id") }} as previous_customer_number,
                valid_from
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
    select identifier_key, change_number, customer_number, previous_customer_number, valid_from
    from held
    union all
{% endif %}
select
    -- keys
    now.identifier_key,
    cast(coalesce(before.change_number, 0) + 1 as bigint) as change_number,
    -- identifiers
    now.customer_number,
    before.customer_number as previous_customer_number,
    -- times
    {{ as_of() }} as valid_from
from now
left join before on before.identifier_key = now.identifier_key and before.age_rank = 1
where
    (before.identifier_key is null and not now.is_erased)
    or before.customer_number is distinct from now.customer_number
