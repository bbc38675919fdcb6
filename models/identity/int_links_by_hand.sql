-- What people decided about two identifiers, as long as it holds. A cut beats a join; a decision
-- that expired or was taken out of the seed says nothing any more.
{{ config(materialized="carried", unique_key=["low_key", "high_key"]) }}
{% set before = identity_before() %}
with
    overrides as (
        select
            {{ identifier_key("left_type", "left_identifier") }} as one_key,
            {{ identifier_key("right_type", "right_identifier") }} as other_key,
            action,
            case when expires_at is null or expires_at > {{ as_of() }} then reason end as reason
        from {{ ref("identity_overrides") }}
        {% if before %}
            union all
            select low_key, high_key, 'none' as action, cast(null as string) as reason
            from {{ this }}
        {% endif %}
    ),
    decided as (
        select
            least(one_key, other_key) as low_key,
            greatest(one_key, other_key) as high_key,
            min(case when action = 'cut' then reason end) as cut_reason,
            min(case when action = 'join' then reason end) as join_reason
        from overrides
        group by least(one_key, other_key), greatest(one_key, other_key)
    )
select
    -- keys
    decided.low_key,
    decided.high_key,
    -- facts
    decided.cut_reason,
    decided.join_reason,
    {{ identity_batch(before) }} as batch,
    {{ ruled_in_batch(["cut_reason", "join_reason"], "decided", before) }} as ruled_batch
from decided
{% if before %}
    left join
        {{ this }} as held on held.low_key = decided.low_key and held.high_key = decided.high_key
{% endif %}
