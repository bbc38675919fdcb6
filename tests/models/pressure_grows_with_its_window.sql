-- Thirty days hold the seven, the seven hold the one, and a contact has a time.
select customer_id, pressure_1d, pressure_7d, pressure_30d, last_contact_at
from {{ ref("dim_customer_context") }}
where
    pressure_1d > pressure_7d
    or pressure_7d > pressure_30d
    or (pressure_30d > 0 and last_contact_at is null)
