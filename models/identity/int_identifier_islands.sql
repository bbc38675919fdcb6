-- The island an identifier ends on. Islands that broke a limit were clustered again, so
-- the last step wins.
{{ config(materialized="carried", unique_key=["identifier_key"]) }}
{% set before = identity_before() %}
{% set steps = [5, 4, 3, 2, 1] %}
{% set judgement = ["refusal_reason", "gives_way_at", "is_anchor", "is_shared", "loaded_at"] %}
{# what this pass has touched of the first islands was looked up once, and what was judged of it #}
{% set first, touched = ref("int_islands_1"), ref("int_islands_touched") %}
with
    judged as (
        {% if before %}
            select node as identifier_key, {{ judgement | join(", ") }}
            from {{ touched }}
            union all
        {% endif %}
        select identifier_key, {{ judgement | join(", ") }}
        from {{ ref("int_identifiers_judged") }}
        {% if before %}
            where
                {{ is_new_to_identity("ruled_batch", before) }}
                and identifier_key not in (select node from {{ touched }})
        {% endif %}
    ),
    -- an island of one step is made of one of the step before
    placed as (
        select
            judged.identifier_key,
            judged.refusal_reason,
            judged.gives_way_at,
            judged.is_anchor,
            judged.is_shared,
            judged.loaded_at,
            coalesce(
                {% for step in steps %}step_{{ step }}.component, {% endfor %} judged.identifier_key
            ) as island_key,
            case
                {% for step in steps %}
                    when step_{{ step }}.node is not null then {{ step }}
                {% endfor %}
                else 0
            end as step
        from judged
        {% for step in steps %}
            left join
                {{ (touched if before else first) if step == 1 else ref("int_islands_" ~ step) }}
                as step_{{ step }}
                on step_{{ step }}.node = judged.identifier_key
        {% endfor %}
    )
select
    -- keys
    identifier_key,
    island_key,
    -- facts
    is_anchor,
    is_shared,
    coalesce(
        refusal_reason,
        case
            when gives_way_at < step
            then 'gave way: it would have joined more trusted identifiers than one customer has'
        end
    ) as refusal_reason,
    cast(step as bigint) as step,
    -- times
    loaded_at,
    {{ identity_batch(before) }} as batch
from placed
