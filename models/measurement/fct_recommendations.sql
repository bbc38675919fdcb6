-- What to change today: each with what is expected of it, how sure that is, and the
-- seed row to edit.
{% set unmeasured = ["int_advice__places", "int_advice__agreement"] %}
with
    advice as (
        {% for name in ["int_advice__caps", "int_advice__messages"] + unmeasured %}
            select
                kind,
                subject,
                advice,
                reason,
                {{ "cast(null as double) as effect," if name in unmeasured else "effect," }}
                {{ "cast(null as double) as effect_low," if name in unmeasured else "effect_low," }}
                {{
                    (
                        "cast(null as double) as effect_high,"
                        if name in unmeasured
                        else "effect_high,"
                    )
                }}
                effect_unit,
                seed,
                seed_key,
                weight
            from {{ ref(name) }} {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    numbered as (
        select
            *,
            row_number() over (
                partition by kind, subject order by weight desc, reason, advice
            ) as place
        from advice
    )
select
    -- keys
    kind
    || ': '
    || subject
    || case when place > 1 then ' ' || cast(place as string) else '' end as recommendation_id,
    -- identifiers
    kind,
    subject,
    'seeds/' || seed || '.csv' as seed_file,
    seed_key,
    -- facts
    advice,
    reason,
    effect,
    effect_low,
    effect_high,
    effect_unit,
    weight,
    row_number() over (
        order by case when effect is null then 1 else 0 end, weight desc, kind, subject, place
    ) as rank_number,
    -- times
    cast({{ as_of() }} as date) as advised_date
from numbered
