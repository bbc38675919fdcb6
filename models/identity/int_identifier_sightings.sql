-- Every record of every channel and the identifiers it carried. What was erased is left
-- out, however often its file comes again.
{{ config(materialized="view") }}
{% set erasures = erasure_count() %}
select
    -- keys
    seen.source,
    seen.record_id,
    -- identifiers
    {% for column in identifier_columns() %}
        {% if erasures %}
            case
                when erased_{{ column }}.identifier_key is null then seen.{{ column }}
            end as {{ column }},
        {% else %} seen.{{ column }},
        {% endif %}
    {% endfor %}
    -- times
    seen.first_seen_at,
    seen.last_seen_at,
    seen.loaded_at
from {{ ref("int_sightings__collected") }} as seen
{% if erasures %}
    {% for column in identifier_columns() %}
        left join
            {{ ref("int_identifiers_erased") }} as erased_{{ column }}
            on erased_{{ column }}.identifier_key
            = {{ identifier_key("'" ~ column ~ "'", "seen." ~ column) }}
    {% endfor %}
{% endif %}
