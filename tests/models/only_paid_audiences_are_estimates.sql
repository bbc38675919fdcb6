-- What we hope was seen is never mixed with what was sent.
select contact_id, channel, is_estimate
from {{ ref("fct_contacts") }}
where is_estimate <> (channel = 'paid_social' and decision_id is not null)
