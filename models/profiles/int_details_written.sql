-- Names and addresses as people wrote them: on an account, a loyalty form (rank 1) or
-- an order (rank 2).
select
    'account' as identifier_type,
    account_id as identifier,
    1 as trust_rank,
    first_name,
    last_name,
    street,
    postcode,
    country,
    locale,
    updated_at
from {{ ref("stg_shop__accounts") }}
union all
select
    'loyalty_card' as identifier_type,
    loyalty_card as identifier,
    1 as trust_rank,
    first_name,
    last_name,
    cast(null as string) as street,
    postcode,
    country,
    cast(null as string) as locale,
    updated_at
from {{ ref("stg_loyalty__members") }}
union all
select
    case
        when account_id is not null then 'account' when email is not null then 'email' else 'phone'
    end as identifier_type,
    coalesce(account_id, email, phone) as identifier,
    2 as trust_rank,
    first_name,
    last_name,
    cast(null as string) as street,
    postcode,
    country,
    cast(null as string) as locale,
    placed_at as updated_at
from {{ ref("stg_shop__orders") }}
where not is_future
