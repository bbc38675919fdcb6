-- Links whose row may say something else since the last pass: judged again, or one of their
-- identifiers became somebody else.
{% set before = identity_before() %}
select left_key, right_key
from {{ ref("int_links_judged") }}
where {{ is_new_to_identity("batch", before) }}
{% if before %}
    {% for side in ["left_key", "right_key"] %}
        union
        select left_key, right_key
        from {{ ref("int_links_judged") }}
        where
            {{ side }} in (
                select identifier_key
                from {{ ref("int_customer_assignments") }}
                where {{ is_new_to_identity("batch", before) }}
            )
    {% endfor %}
{% endif %}
