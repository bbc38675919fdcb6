-- What a message takes from another when it is chosen first: one place in every scope that the two
-- are known to share, in packed rooms. What they promote is not known yet.
with
    pairs as (
        select
            winner.message_number as winner_number,
            loser.message_number as loser_number,
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
    )
select
    -- keys
    winner_number,
    loser_number,
    -- facts
    cast(
        {% for scope in shared_scopes() if not scope.startswith("product") %}
            shared_{{ scope }} * {{ room_unit(scope) }} {{- " + " if not loop.last }}
        {% endfor %} as bigint
    ) as shared_rooms
from pairs
