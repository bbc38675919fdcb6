-- Every combination of the audiences that caps speak of in which there is anybody.
select distinct segment_mask
from {{ ref("int_customer_segments") }}
union
select cast(0 as bigint) as segment_mask
