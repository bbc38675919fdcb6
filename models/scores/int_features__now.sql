-- What is known of each customer now, to be scored.
select customer_id, {{ score_features() | join(", ") }}
from {{ ref("int_features__measured") }}
where cutoff_number = 0
