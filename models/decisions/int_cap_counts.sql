-- What each cap has counted for each unit and scope value: contacts, or thousandths of money.
with caps as (select * from {{ ref("int_caps__ready") }} where from_tier = 0)
select
    -- keys
    p.policy_id,
    c.unit,
    c.unit_id,
    {{ scope_value("p.scope_type", "c") }} as scope_key,
    -- facts
    cast(
        sum(case when p.measure = 'money' then c.cost_milli else c.taken_count end) as bigint
    ) as used
from {{ ref("int_contacts__aged") }} as c
join
    caps as p
    on p.unit = c.unit
    and case
        p.window_unit
        when 'hour'
        then c.age_hours
        when 'day'
        then c.age_days
        when 'week'
        then c.age_weeks
        else c.age_months
    end
    < p.window_n
    -- a capacity of a segment counts its members only; single customers count for themselves
    and (p.unit = 'customer' or p.segment_bit = 0 or (p.segment_bit & c.segment_mask) <> 0)
    and {{ is_in_scope("p", "c") }}
group by 1, 2, 3, 4
