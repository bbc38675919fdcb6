-- What each cap on single customers has counted for each of them and each scope value.
with
    caps as (
        select p.policy_id, p.window_n, p.window_unit, v.scope_type, v.value_number
        from {{ ref("int_caps__ready") }} as p
        join
            {{ ref("int_scope_values") }} as v
            on v.scope_type = p.scope_type
            and p.scope_key in ('*', v.scope_key)
        where p.unit = 'customer' and p.from_tier = 0
    ),
    contacts as (
        select
            c.customer_number,
            c.segment_mask,
            c.taken_count,
            c.age_hours,
            c.age_days,
            c.age_weeks,
            c.age_months,
            {% for scope in cap_scopes() %}
                {{ scope }}_values.value_number as {{ scope }}_value {{- "," if not loop.last }}
            {% endfor %}
        from {{ ref("int_contacts__aged") }} as c
        {% for scope, column in cap_scopes().items() %}
            left join
                {{ ref("int_scope_values") }} as {{ scope }}_values
                on {{ scope }}_values.scope_type = '{{ scope }}'
                and {{ scope }}_values.scope_key
                = {{ "'*'" if scope == "global" else "c." ~ column }}
        {% endfor %}
        where c.customer_number is not null and c.taken_count > 0
    ),
    -- the kinds of scope by which anything is counted, as places in a contact's row of values
    scopes as (
        select distinct
            case
                scope_type
                {% for scope in cap_scopes() %}
                    when '{{ scope }}' then {{ loop.index }}
                {% endfor %}
            end as place
        from caps
    ),
    spread as (
        select
            c.*,
            case
                s.place
                {% for scope in cap_scopes() %}
                    when {{ loop.index }} then {{ scope }}_value
                {% endfor %}
            end as value_number
        from contacts as c
        cross join scopes as s
    ),
    counted as (
        select c.customer_number, c.segment_mask, p.policy_id, p.value_number, c.taken_count
        from spread as c
        join
            caps as p
            on p.value_number = c.value_number
            and {{ age_in("c", "p.window_unit") }} < p.window_n
    )
select
    -- keys
    customer_number,
    policy_id,
    value_number,
    -- facts
    max(segment_mask) as segment_mask,
    cast(sum(taken_count) as bigint) as used
from counted
group by customer_number, policy_id, value_number
