-- Every identifier once: how often it was seen, and whether the blocklist says it is no one's. What
-- this pass takes in is added to what stood there before it.
-- depends_on: {{ ref("int_links_observed") }}, for built anew each of them fills the memory alone
{{ config(materialized="carried", unique_key=["identifier_key"]) }}
{% set before = identity_before() %}
{% set is_list_new = before and before["blocklist_version"] != told("blocklist_version") %}
with
    shown as (select * from {{ ref("int_identifiers_shown") }}),
    named as (
        select identifier_key, identifier_type, identifier
        from shown
        {% if is_list_new %}
            union
            select identifier_key, identifier_type, identifier
            from {{ this }}
        {% endif %}
    ),
    blocked as (
        select named.identifier_key, min(blocklist.reason) as reason
        from named
        inner join
            {{ ref("identifier_blocklist") }} as blocklist
            on blocklist.identifier_type = named.identifier_type
        where
            named.identifier = blocklist.value
            or (blocklist.is_pattern and named.identifier like blocklist.value)
        group by named.identifier_key
    ),
    {% if before %}
        held as {{ gathered() }} (
            select *, {{ count_before_pass("record_count", before) }} as count_before
            from {{ this }}
            {% if not is_list_new %}
                where identifier_key in (select identifier_key from shown)
            {% endif %}
        ),
    {% endif %}
    added as (
        {% if before %}
            select
                {% for column in ["identifier_key", "identifier_type", "identifier"] %}
                    {% if is_list_new %}
                        coalesce(shown.{{ column }}, held.{{ column }}) as {{ column }},
                    {% else %} shown.{{ column }},
                    {% endif %}
                {% endfor %}
                {{ identifiers_added_up() }}
            from shown {{ "full outer" if is_list_new else "left" }}
            join held on held.identifier_key = shown.identifier_key
        {% else %}select *, cast(0 as bigint) as counted_before from shown
        {% endif %}
    ),
    ruled as (
        select added.*, blocked.reason as blocked_reason
        from added
        left join blocked on blocked.identifier_key = added.identifier_key
    )
select
    -- keys
    ruled.identifier_key,
    -- identifiers
    ruled.identifier_type,
    ruled.identifier,
    -- facts
    cast(
        1 + length(ruled.sources) - length(replace(ruled.sources, ',', '')) as bigint
    ) as source_count,
    ruled.sources,
    ruled.last_source,
    ruled.record_count,
    ruled.counted_before,
    ruled.blocked_reason,
    -- times
    ruled.first_seen_at,
    ruled.last_seen_at,
    ruled.loaded_at,
    {{ identity_batch(before) }} as batch,
    {{ ruled_in_batch(["blocked_reason", "loaded_at"], "ruled", before, "ruled.held_") }}
    as ruled_batch
from ruled
{% if is_list_new %}
    where ruled.is_shown or ruled.held_blocked_reason is distinct from ruled.blocked_reason
{% endif %}
