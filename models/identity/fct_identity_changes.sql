-- When a customer was first recognised, became one with another, or parted from another.
with
    spans as (
        select
            identifier_key,
            customer_number,
            previous_customer_number,
            valid_from,
            min(valid_from) over (partition by customer_number) as born_at,
            lead(valid_from) over (partition by identifier_key order by change_number) as valid_to
        from {{ ref("int_assignment_changes") }}
    ),
    moves as (
        select
            valid_from as changed_at,
            customer_number,
            previous_customer_number,
            count(*) as moved_count,
            min(identifier_key) as moved_key
        from spans
        where customer_number is not null and previous_customer_number is not null
        group by valid_from, customer_number, previous_customer_number
    ),
    -- a customer lives on if anything still speaks for it after the move
    survivors as (
        select distinct moves.changed_at, moves.previous_customer_number
        from moves
        inner join
            spans
            on spans.customer_number = moves.previous_customer_number
            and spans.valid_from <= moves.changed_at
            and coalesce(spans.valid_to, timestamp '9999-12-31 00:00:00') > moves.changed_at
    ),
    changes as (
        select
            moves.changed_at,
            case when survivors.changed_at is null then 'merged' else 'split' end as kind,
            moves.customer_number,
            moves.previous_customer_number as other_customer_number,
            moves.moved_count,
            moves.moved_key
        from moves
        left join
            survivors
            on survivors.changed_at = moves.changed_at
            and survivors.previous_customer_number = moves.previous_customer_number
        union all
        select
            spans.born_at as changed_at,
            'created' as kind,
            spans.customer_number,
            cast(null as bigint) as other_customer_number,
            count(*) as moved_count,
            min(spans.identifier_key) as moved_key
        from spans
        left join
            moves
            on moves.customer_number = spans.customer_number
            and moves.changed_at = spans.born_at
        where
            spans.customer_number is not null
            and spans.valid_from = spans.born_at
            and moves.customer_number is null
        group by spans.born_at, spans.customer_number
        union all
        select
            spans.valid_from as changed_at,
            'erased' as kind,
            spans.previous_customer_number as customer_number,
            cast(null as bigint) as other_customer_number,
            count(*) as moved_count,
            cast(null as bigint) as moved_key
        from spans
        inner join
            {{ ref("int_identifiers_erased") }} as erased
            on erased.identifier_key = spans.identifier_key
        where spans.customer_number is null and spans.previous_customer_number is not null
        group by spans.valid_from, spans.previous_customer_number
    )
select
    -- keys
    changes.changed_at,
    changes.kind,
    {{ customer_of_number("changes.customer_number") }} as customer_id,
    {{ customer_of_number("changes.other_customer_number") }} as other_customer_id,
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
