-- Identifiers this pass has to judge: whoever was seen, and whoever stands beside one that was
-- renamed or blocked.
{% set before = identity_before() %}
{% if before %}
    with
        stirred as (
            select identifier_key
            from {{ ref("int_identifier_names") }}
            where {{ is_new_to_identity("batch", before) }}
            union
            select identifier_key
            from {{ ref("int_identifiers_observed") }}
            where {{ is_new_to_identity("ruled_batch", before) }}
        )
    select links.right_key as identifier_key
    from {{ ref("int_links_observed") }} as links
    inner join stirred on stirred.identifier_key = links.left_key
    union
    select links.left_key as identifier_key
    from {{ ref("int_links_observed") }} as links
    inner join stirred on stirred.identifier_key = links.right_key
    union
{% endif %}
select identifier_key
from {{ ref("int_identifiers_observed") }}
where {{ is_new_to_identity("batch", before) }}
