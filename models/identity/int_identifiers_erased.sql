-- Identifiers that somebody asked to be forgotten, found by their salted digest among all that ever
-- came. Only the number is kept.
{{ config(materialized="carried", unique_key=["identifier_key"]) }}
{% set before = identity_before() %}
{% do must_know_the_secret() %}
with
    {% if before %}
        -- by name, for identity reads this table first
        taken as (
            select source, max(loaded_at) as taken_until
            from {{ by_name("int_identifier_sets") }}
            group by source
        ),
    {% endif %}
    seen as (
        select distinct
            kinds.identifier_type,
            {{ identifier_value("kinds.identifier_type", "news") }} as identifier
        from {{ ref("int_sightings__collected") }} as news
        cross join {{ ref("identifier_types") }} as kinds
        {% if before %}
            left join taken on taken.source = news.source
            where taken.taken_until is null or news.loaded_at > taken.taken_until
        {% endif %}
    )
select {{ identifier_key("seen.identifier_type", "seen.identifier") }} as identifier_key
from seen
inner join
    {{ ref("stg_downbeat__erasures") }} as erasures
    on erasures.identifier_digest = {{ erasure_digest("seen.identifier_type", "seen.identifier") }}
where seen.identifier is not null and {{ "true" if erasure_count() else "false" }}
