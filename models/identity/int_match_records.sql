-- Records as they are compared: in plain letters, and with how rare a name is among them.
with
    cleaned as (
        select
            record_key,
            {% for field in match_fields() %}
                {{ match_word(field) }} as {{ field }} {{ "," if not loop.last }}
            {% endfor %}
        from {{ ref("int_match_people") }}
    ),
    counted as (
        select
            *,
            count(*) over () as all_records
            {% for field in match_names() %}
                , count(*) over (partition by {{ field }}) as {{ field }}_count
            {% endfor %}
        from cleaned
    )
select
    -- keys
    record_key,
    -- facts
    {% for field in match_fields() %} {{ field }}, {% endfor %}
    {% for field in match_names() %}
        cast(
            case
                when {{ field }}_count * {{ var("match_rare_one_in") }} <= all_records
                then 2
                when {{ field }}_count * {{ var("match_uncommon_one_in") }} <= all_records
                then 1
                else 0
            end as bigint
        ) as {{ field }}_rarity {{ "," if not loop.last }}
    {% endfor %}
from counted
