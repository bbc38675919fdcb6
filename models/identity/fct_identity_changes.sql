-- When a customer was first recognised, became one with another, or parted from another.
with
    spans as (
        select
            identifier_key,
            customer_id,
            previous_customer_id,
            valid_from,
            lead(valid_from) over (partition by identifier_key order by change_number) as valid_to
        from {{ ref("int_assignment_history") }}
    ),
    lives as (
        select
            customer_id,
            min(valid_from) as born_at,
            max(coalesce(valid_to, timestamp '9999-12-31 00:00:00')) as ends_at
        from spans
        where customer_id is not null
        group by customer_id
    ),
    moves as (
        select
            valid_from as changed_at,
            customer_id,
            previous_customer_id,
            count(*) as moved_count,
            min(identifier_key) as moved_key
        from spans
        where customer_id is not null and previous_customer_id is not null
        group by valid_from, customer_id, previous_customer_id
    ),
    changes as (
        select
            moves.changed_at,
            case when lives.ends_at <= moves.changed_at then 'merged' else 'split' end as kind,
            moves.customer_id,
            moves.previous_customer_id as other_customer_id,
            moves.moved_count,
            moves.moved_key
        from moves
        inner join lives on lives.customer_id = moves.previous_customer_id
        union all
        select
            lives.born_at as changed_at,
            'created' as kind,
            lives.customer_id,
            cast(null as string) as other_customer_id,
            count(*) as moved_count,
            min(spans.identifier_key) as moved_key
        from lives
        inner join
            spans on spans.customer_id = lives.customer_id and spans.valid_from = lives.born_at
        left join
            moves on moves.customer_id = lives.customer_id and moves.changed_at = lives.born_at
        where moves.customer_id is null
        group by lives.born_at, lives.customer_id
    )
select
    -- keys
    changes.changed_at,
    changes.kind,
    changes.customer_id,
    changes.other_customer_id,
    -- facts
    identifiers.identifier_type
    || ' '
    || identifiers.identifier
    || case
        when changes.moved_count > 1
        then ' and ' || cast(changes.moved_count - 1 as string) || ' more'
        else ''
    end as evidence
from changes
left join
    {{ ref("int_identifiers_observed") }} as identifiers
    on identifiers.identifier_key = changes.moved_key
