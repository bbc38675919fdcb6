-- The audiences that caps speak of, each with its bit: who is in several has several bits.
select
    -- keys
    segment,
    -- facts
    cast(round(power(2, row_number() over (order by segment) - 1)) as bigint) as segment_bit
from (select distinct segment from {{ ref("caps") }} where segment <> '*') as named
