-- What a message takes from another when it is chosen first: one unit of every scope
-- the two share.
select
    -- keys
    winner.message_number as winner_number,
    loser.message_number as loser_number,
    -- facts
    1 as shared_global,
    case when winner.channel = loser.channel then 1 else 0 end as shared_channel,
    case when winner.category = loser.category then 1 else 0 end as shared_category,
    case when winner.campaign = loser.campaign then 1 else 0 end as shared_campaign,
    case
        when winner.exclusion_group = loser.exclusion_group and winner.exclusion_group <> ''
        then 1
        else 0
    end as shared_group
from {{ ref("int_messages__ready") }} as winner
cross join {{ ref("int_messages__ready") }} as loser
