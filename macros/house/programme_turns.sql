{# A programme's steps in order, one turn each: what came of the step, and when and why the next one's turn comes. The
   turns stop at the first step that waits or is offered. #}
{# The step whose turn it is, for those whose turns have not stopped. #}
{% macro turn_met(number, before) %}
    select
        t.*,
        s.step_number as number,
        s.message_id,
        s.fate_before,
        s.is_reachable,
        s.is_wanted,
        s.sent_at,
        s.failed_at,
        s.settled_at,
        s.wait_seconds,
        s.ttl_seconds
    from {{ before }} as t
    left join
        {{ ref("int_programme_standings") }} as s
        on s.programme = t.programme
        and s.customer_id = t.customer_id
        and s.instance = t.instance
        and s.step_number = {{ number }}
        and t.step_number is null
{% endmacro %}

{# When its turn opens: after its wait, unless it was handed on; not before its condition was settled. #}
{% macro turn_opened(before) %}
    select
        *,
        greatest(
            turn_at,
            coalesce(settled_at, turn_at),
            coalesce(free_from, turn_at),
            case
                when is_at_once then turn_at else {{ add_seconds("counts_from", "wait_seconds") }}
            end
        ) as opens_at
    from {{ before }}
{% endmacro %}

{# What came of it. Blocked for good, failed, starved of room: the next one's turn comes at once. #}
{% macro turn_judged(before) %}
    {% set shuts_at = add_seconds("opens_at", "ttl_seconds") %}
    select
        *,
        {{ shuts_at }} as shuts_at,
        case
            when message_id is null or fate_before is not null
            then fate_before
            when seen_at < opens_at or is_wanted is null
            then 'waiting'
            when not is_wanted
            then 'unwanted'
            when not is_reachable
            then 'blocked'
            when seen_at >= {{ shuts_at }}
            then 'starved'
            else 'offered'
        end as fate
    from {{ before }}
{% endmacro %}

{# Where that leaves the customer. #}
{% macro turn_taken(before) %}
    {% set stops = {"step_number": "number", "step_state": "fate", "opened_at": "opens_at"} %}
    {% set moves = {"came_by": "fate", "came_from": "message_id", "turn_at": turn_ended_at()} %}
    {% set sends = {"counts_from": "sent_at", "last_sent": "message_id"} %}
    select
        {% for key in [
            "programme",
            "customer_id",
            "instance",
            "entered_at",
            "seen_at",
            "free_from",
        ] %}
            {{ key }},
        {% endfor %}
        {{ where_fate(["waiting", "offered"], stops) }}
        {{ where_fate(["waiting", "offered"], {"closes_at": "shuts_at"}) }}
        {{ where_fate(["sent", "failed", "unwanted", "blocked", "starved"], moves) }}
        {{ where_fate(["sent", "failed"], sends) }}
        {{ where_fate(["sent", "failed", "blocked", "starved"], {"is_at_once": "fate <> 'sent'"}) }}
        case
            when fate is null then trail else trail || '|' || message_id || '=' || fate
        end as trail
    from {{ before }}
{% endmacro %}

{% macro turn_ended_at() -%}
    case
        fate
        when 'sent'
        then sent_at
        when 'failed'
        then failed_at
        when 'starved'
        then shuts_at
        else opens_at
    end
{%- endmacro %}

{# Columns that take a new value where the step had one of these fates, and keep the old one elsewhere. #}
{% macro where_fate(fates, columns) %}
    {% for column, value in columns.items() %}
        case
            when fate in ('{{ fates | join("', '") }}') then {{ value }} else {{ column }}
        end as {{ column }},
    {% endfor %}
{% endmacro %}
