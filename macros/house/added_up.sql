{# What a held row had counted when this pass began: a pass that was killed after it wrote the row has counted its own loads
   already, and they come again. #}
{% macro count_before_pass(count, before) -%}
    case when batch > {{ before["batch"] }} then counted_before else {{ count }} end
{%- endmacro %}

{# Identifiers that this pass shows, and held ones beside them, as one: the later sighting names the source. #}
{% macro identifiers_added_up() -%}
    {{ merged_lists("held.sources", "shown.sources") }} as sources,
    case
        when held.last_seen_at > shown.last_seen_at
        then held.last_source
        when held.last_seen_at = shown.last_seen_at
        then least(held.last_source, shown.last_source)
        else coalesce(shown.last_source, held.last_source)
    end as last_source,
    coalesce(shown.record_count, 0) + coalesce(held.count_before, 0) as record_count,
    coalesce(held.count_before, 0) as counted_before,
    least(held.first_seen_at, shown.first_seen_at) as first_seen_at,
    greatest(held.last_seen_at, shown.last_seen_at) as last_seen_at,
    least(held.loaded_at, shown.loaded_at) as loaded_at,
    shown.identifier_key is not null as is_shown,
    -- what the held row said of what others act on
    {% for column in ["blocked_reason", "loaded_at", "ruled_batch"] %}
        held.{{ column }} as held_{{ column }} {{ "," if not loop.last }}
    {% endfor %}
{%- endmacro %}
