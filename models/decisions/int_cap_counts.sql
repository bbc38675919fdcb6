-- What each cap that several people share has counted for each unit and scope value: contacts, or
-- thousandths of money.
with
    caps as (select * from {{ ref("int_caps__ready") }} where from_tier = 0 and unit <> 'customer'),
    contacts as (
        select
            c.*,
            p.policy_id,
            p.unit,
            p.measure,
            {{ unit_id("p.unit", "c") }} as unit_id,
            {{ scope_value("p.scope_type", "c") }} as scope_key
        from {{ ref("int_contacts__aged") }} as c
        join
            caps as p
            -- what everybody shares is counted over everybody's contacts, by the clock of the house
            on (p.unit = 'all' or c.is_concerned)
            and case
                when p.unit = 'all'
                then {{ age_in("c", "p.window_unit", "house_") }}
                else {{ age_in("c", "p.window_unit") }}
            end
            < p.window_n
            -- a capacity of a segment counts its members only
            and (p.segment_bit = 0 or (p.segment_bit & c.segment_mask) <> 0)
            and {{ is_in_scope("p", "c") }}
        where c.is_recent
    )
select
    -- keys
    policy_id,
    unit,
    unit_id,
    scope_key,
    -- facts
    cast(sum(case when measure = 'money' then cost_milli else taken_count end) as bigint) as used
from contacts
where unit_id is not null
group by policy_id, unit, unit_id, scope_key
