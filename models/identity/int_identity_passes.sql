-- One row per complete pass over identity: what the next pass goes on from. The
-- last thing a pass writes, so that a pass that was killed is done again.
-- depends_on: {{ ref("int_identifier_steps") }}
{{ config(materialized="carried") }}
{% set before = identity_before() %}
select
    -- keys
    {{ identity_batch(before) }} as batch,
    -- facts
    '{{ told("identity_version") }}' as identity_version,
    '{{ told("blocklist_version") }}' as blocklist_version,
    cast({{ erasure_count() }} as bigint) as erasure_count,
    links.link_count,
    identifiers.identifier_count,
    moved.moved_count,
    -- times
    {{ as_of() }} as as_of
from (select count(*) as link_count from {{ ref("fct_identity_links") }}) as links
cross join
    (select count(*) as identifier_count from {{ ref("dim_customer_identifiers") }}) as identifiers
cross join
    (
        select count(*) as moved_count
        from {{ ref("int_customer_assignments") }}
        where {{ is_new_to_identity("batch", before) }}
    ) as moved
