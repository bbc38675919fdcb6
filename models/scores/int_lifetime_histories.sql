-- What a lifetime is told from: purchase days after the first, when the last of them was, and
-- what they brought.
select
    -- keys
    customer_id,
    -- facts
    cast(count(*) - 1 as bigint) as repeat_count,
    cast({{ days_between("min(bought_date)", "max(bought_date)") }} as bigint) as last_age_days,
    cast({{ days_between("min(bought_date)", as_of()) }} as bigint) as age_days,
    cast(coalesce(sum(case when day_number > 1 then amount_cents end), 0) as bigint) as repeat_cents
from {{ ref("int_purchase_days") }}
where bought_date <= cast({{ as_of() }} as date)
group by customer_id
