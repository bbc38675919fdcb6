-- Identifiers this pass has to judge: whoever was seen, and whoever stands beside one that was
-- renamed or blocked, or was cut from it by hand.
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
    {% for key in ["low_key", "high_key"] %}
        union
        select by_hand.{{ key }} as identifier_key
        from {{ ref("int_links_by_hand") }} as by_hand
        inner join
            {{ ref("int_identifiers_observed") }} as identifiers
            on identifiers.identifier_key = by_hand.{{ key }}
        where {{ is_new_to_identity("by_hand.ruled_batch", before) }}
    {% endfor %}
    union
{% endif %}
select identifier_key
from {{ ref("int_identifiers_observed") }}
where {{ is_new_to_identity("batch", before) }}
