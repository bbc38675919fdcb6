-- What the condition of each step says in each life: wanted, not wanted, or not known yet, as the
-- days it speaks of are not over. Nobody waits for the effect of a message that was never sent.
with
    claims as (
        select
            l.programme,
            l.customer_id,
            l.instance,
            t.step_number,
            t.alternative,
            t.is_not,
            coalesce(
                hit.happened_at is not null
                and (
                    t.within_seconds is null
                    or hit.happened_at <= {{ add_seconds("sent.happened_at", "t.within_seconds") }}
                ),
                false
            ) as is_so,
            -- when it is settled that it was not so
            least(
                {{ add_seconds("sent.happened_at", "t.within_seconds") }},
                coalesce(
                    failed.happened_at, {{ add_seconds("sent.happened_at", "t.within_seconds") }}
                )
            ) as settled_at,
            l.seen_at
        from {{ ref("int_programme_ends") }} as l
        join {{ ref("int_programme_terms") }} as t on t.programme = l.programme
        {% for name, word in [
                ("hit", "t.word"),
                ("sent", "'sent'"),
                ("failed", "'failed'"),
            ] %}
            left join
                {{ ref("int_programme_signals") }} as {{ name }}
                on {{ name }}.programme = l.programme
                and {{ name }}.customer_id = l.customer_id
                and {{ name }}.instance = l.instance
                and {{ name }}.word = {{ word }}
                and {{ name }}.subject = t.subject
        {% endfor %}
    ),
    judged as (
        select
            *,
            case
                when not is_so and settled_at > seen_at then null when is_so <> is_not then 1 else 0
            end as truth
        from claims
    ),
    alternatives as (
        -- a false term spoils its alternative, an open one leaves it open
        select
            programme,
            customer_id,
            instance,
            step_number,
            case
                when min(truth) = 0 then 0 when count(truth) < count(*) then null else 1
            end as truth,
            max(case when not is_so then settled_at end) as settled_at
        from judged
        group by programme, customer_id, instance, step_number, alternative
    )
select
    -- keys
    programme,
    customer_id,
    instance,
    step_number,
    -- facts
    case
        when max(truth) = 1 then true when count(truth) < count(*) then null else false
    end as is_wanted,
    -- times
    min(case when truth = 1 then settled_at end) as settled_at
from alternatives
group by programme, customer_id, instance, step_number
