-- Whom a micro-run decides for: those of whom any record has come in since the run
-- before. A full run decides for everybody and asks nobody here.
with
    last_run as (
        select coalesce(max(decided_at), cast('1970-01-01' as timestamp)) as decided_at
        from {{ ref("stg_downbeat__decision_runs") }}
        where decided_at < {{ as_of() }}
    ),
    records as (
        -- what a run takes in carries that run's moment, to the second
        select r.*
        from {{ ref("fct_record_identifiers") }} as r
        cross join last_run
        where
            '{{ told("run_kind", "full") }}' = 'micro'
            and r.loaded_at >= {{ add_seconds("last_run.decided_at", 1) }}
    ),
    news as (
        {% for kind in identifier_columns() %}
            select '{{ kind }}' as identifier_type, {{ kind }} as identifier
            from records
            where {{ kind }} is not null {{ "union" if not loop.last }}
        {% endfor %}
    )
select distinct i.customer_id
from news
join
    {{ ref("dim_customer_identifiers") }} as i
    on i.identifier_type = news.identifier_type
    and i.identifier = news.identifier
where i.customer_id is not null
