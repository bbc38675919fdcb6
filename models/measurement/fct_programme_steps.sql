-- What became of everybody whose turn came at each step: offered and beaten, sent, handed on and
-- for which reason, and how many of those whom it was sent to last reached the aim.
with
    steps as (
        select s.programme, s.step_number, s.message_id, m.channel
        from {{ ref("programme_steps") }} as s
        join {{ ref("messages") }} as m on m.message_id = s.message_id
    ),
    lives as (
        select
            s.programme,
            s.step_number,
            s.message_id,
            s.channel,
            p.customer_id,
            p.instance,
            p.status,
            p.last_message_id,
            p.trail
        from steps as s
        join {{ ref("fct_programme_states") }} as p on p.programme = s.programme
        where instr('|' || p.trail, '|' || s.message_id || '=') > 0
    ),
    beaten as (
        select distinct message_id, customer_id, instance
        from {{ ref("fct_ledger") }}
        where outcome in ('lose', 'hold')
    ),
    counted as (
        select
            l.programme,
            l.step_number,
            l.message_id,
            l.channel,
            count(*) as customer_count,
            {% for fate in [
                "waiting",
                "offered",
                "sent",
                "failed",
                "blocked",
                "unwanted",
                "starved",
                "passed",
            ] %}
                sum(
                    case
                        when {{ is_listed("l.message_id || '=" ~ fate ~ "'", "l.trail") }}
                        then 1
                        else 0
                    end
                ) as {{ fate }}_count,
            {% endfor %}
            sum(case when b.customer_id is not null then 1 else 0 end) as beaten_count,
            sum(
                case
                    when l.status = 'converted' and l.last_message_id = l.message_id then 1 else 0
                end
            ) as converted_count
        from lives as l
        left join
            beaten as b
            on b.message_id = l.message_id
            and b.customer_id = l.customer_id
            and b.instance = l.instance
        group by l.programme, l.step_number, l.message_id, l.channel
    )
select
    -- keys
    s.programme,
    s.step_number,
    s.message_id,
    -- facts
    s.channel,
    {% for column in [
        "customer",
        "waiting",
        "offered",
        "beaten",
        "sent",
        "failed",
        "blocked",
        "unwanted",
        "starved",
        "passed",
        "converted",
    ] %}
        cast(coalesce(c.{{ column }}_count, 0) as bigint) as {{ column }}_count
        {{- "," if not loop.last }}
    {% endfor %}
from steps as s
left join counted as c on c.message_id = s.message_id
