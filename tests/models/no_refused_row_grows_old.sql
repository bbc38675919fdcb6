-- A row that a tool has refused for too long wants a person: its address is wrong, or the tool is.
{{ config(severity="warn") }}
select sync_id, destination, change, code, count(*) as row_count, max(refused_days) as oldest_days
from {{ ref("fct_refused_rows") }}
where refused_days > {{ var("refused_days") }}
group by sync_id, destination, change, code
