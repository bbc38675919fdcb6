-- The conditions of steps, word by word. A condition stays a text: it is taken apart here, by SQL,
-- and never becomes SQL. What is none of the words is true for nobody.
with
    numbers as (
        {% for number in range(1, 7) %}
            select {{ number }} as part {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    alternatives as (
        select
            s.programme,
            s.step_number,
            n.part as alternative,
            trim(split_part(s.condition, ' or ', n.part)) as words
        from {{ ref("int_programme_steps") }} as s
        cross join numbers as n
        where s.condition is not null
    ),
    terms as (
        select
            a.programme,
            a.step_number,
            a.alternative,
            n.part as term,
            trim(split_part(a.words, ' and ', n.part)) as words
        from alternatives as a
        cross join numbers as n
        where a.words <> ''
    ),
    stated as (
        select
            *,
            words like 'not %' as is_not,
            case when words like 'not %' then trim(substr(words, 5)) else words end as claim
        from terms
        where words <> ''
    )
select
    -- keys
    programme,
    step_number,
    alternative,
    term,
    -- facts
    is_not,
    trim(split_part(claim, '(', 1)) as word,
    trim(split_part(split_part(claim, '(', 2), ')', 1)) as subject,
    -- claim ends in: within 2 days
    cast(nullif(split_part(trim(split_part(claim, ')', 2)), ' ', 2), '') as bigint) * case
        when split_part(trim(split_part(claim, ')', 2)), ' ', 3) like 'day%' then 86400 else 3600
    end as within_seconds
from stated
