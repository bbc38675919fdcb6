-- Whose turn it is in each life, found anew in every run by going through the steps in order:
-- what was sent, what can never be sent, what found no room in its time.
with
    turn_0 as (
        select
            programme,
            customer_id,
            instance,
            entered_at,
            seen_at,
            free_from,
            cast(null as bigint) as step_number,
            cast(null as string) as step_state,
            cast(null as timestamp) as opened_at,
            cast(null as timestamp) as closes_at,
            entered_at as turn_at,
            entered_at as counts_from,
            false as is_at_once,
            'entered' as came_by,
            cast(null as string) as came_from,
            cast(null as string) as last_sent,
            '' as trail
        from {{ ref("int_programme_ends") }}
    ),
    {% for number in range(1, 9) %}
        met_{{ number }} as ({{ turn_met(number, "turn_" ~ (number - 1)) }}),
        opened_{{ number }} as ({{ turn_opened("met_" ~ number) }}),
        judged_{{ number }} as ({{ turn_judged("opened_" ~ number) }}),
        turn_{{ number }} as ({{ turn_taken("judged_" ~ number) }})
        {{- "," if not loop.last }}
    {% endfor %}
select *
from turn_8
