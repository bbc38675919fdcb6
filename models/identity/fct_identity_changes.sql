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
    births as (
        select customer_id, min(valid_from) as born_at
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
    -- a customer lives on if anything still speaks for it after the move
    survivors as (
        select distinct moves.changed_at, moves.previous_customer_id
        from moves
        inner join
            spans
            on spans.customer_id = moves.previous_customer_id
            and spans.valid_from <= moves.changed_at
            and coalesce(spans.valid_to, timestamp '9999-12-31 00:00:00') > moves.changed_at
    ),
    changes as (
        select
            moves.changed_at,
            case when survivors.changed_at is null then 'merged' else 'split' end as kind,
            moves.customer_id,
            moves.previous_customer_id as other_customer_id,
            moves.moved_count,
            moves.moved_key
        from moves
        left join
            survivors
            on survivors.changed_at = moves.changed_at
            and survivors.previous_customer_id = moves.previous_customer_id
        union all
        select
            births.born_at as changed_at,
            'created' as kind,
            births.customer_id,
            cast(null as string) as other_customer_id,
            count(*) as moved_count,
            min(spans.identifier_key) as moved_key
        from births
        inner join
            spans on spans.customer_id = births.customer_id and spans.valid_from = births.born_at
        left join
            moves on moves.customer_id = births.customer_id and moves.changed_at = births.born_at
        where moves.customer_id is null
        group by births.born_at, births.customer_id
        union all
        select
            spans.valid_from as changed_at,
            'erased' as kind,
            spans.previous_customer_id as customer_id,
            cast(null as string) as other_customer_id,
            count(*) as moved_count,
            cast(null as bigint) as moved_key
        from spans
        inner join
            {{ ref("int_identifiers_erased") }} as erased
            on erased.identifier_key = spans.identifier_key
        where spans.customer_id is null and spans.previous_customer_id is not null
        group by spans.valid_from, spans.previous_customer_id
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
