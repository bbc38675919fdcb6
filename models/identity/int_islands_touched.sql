-- Islands this pass has to hold to the limits again: of an identifier or a link that is new, moved
-- or judged differently.
{% set before = identity_before() %}
select distinct islands.component
from {{ ref("int_islands_1") }} as islands
{% if before %}
    inner join
        (
            select node
            from {{ ref("int_islands_1") }}
            where {{ is_new_to_identity("batch", before) }}
            union
            select left_key as node
            from {{ ref("int_links_judged") }}
            where {{ is_new_to_identity("ruled_batch", before) }}
            union
            select right_key as node
            from {{ ref("int_links_judged") }}
            where {{ is_new_to_identity("ruled_batch", before) }}
            union
            select identifier_key as node
            from {{ ref("int_identifiers_judged") }}
            where {{ is_new_to_identity("ruled_batch", before) }}
        ) as stirred
        on stirred.node = islands.node
{% endif %}
