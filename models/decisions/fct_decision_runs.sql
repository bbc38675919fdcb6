-- Every run that decided, with what it depended on; earlier ones as published.
with
    considered as (
        select
            (select count(*) from {{ ref("fct_candidates") }}) as candidates,
            (select count(*) from {{ ref("int_candidates__chosen") }}) as decisions
    ),
    published as (
        select count(*) as run_count
        from {{ ref("stg_downbeat__decision_runs") }}
        where run_id = {{ run_id() }}
    )
select
    -- keys
    {{ run_id() }} as run_id,
    '{{ told("release_id", "not released") }}' as release_id,
    -- facts
    '{{ told("run_kind", "full") }}' as kind,
    '{{ told("policy_version", "unknown") }}' as policy_version,
    '{{ told("git_sha", "unknown") }}' as git_sha,
    '{{ target.type }}' as engine,
    '{{ told("data_version", "unknown") }}' as data_version,
    cast(c.candidates as bigint) as candidates,
    cast(c.decisions as bigint) as decisions,
    -- a run is published only once its checks passed; until then nobody knows
    '{{ told("checker_status", "unchecked") }}' as checker_status,
    -- times
    {{ as_of() }} as decided_at
from considered as c
cross join published as p
where p.run_count = 0
union all
select
    -- keys
    run_id,
    release_id,
    -- facts
    kind,
    policy_version,
    git_sha,
    engine,
    data_version,
    candidates,
    decisions,
    checker_status,
    -- times
    decided_at
from {{ ref("stg_downbeat__decision_runs") }}
