-- One row per island that somebody wrote a name on: what they wrote on accounts, loyalty forms and
-- orders. A form beats an order, newer beats older.
with
    written as (
        select
            'account' as identifier_type,
            account_id as identifier,
            1 as trust_rank,
            first_name,
            last_name,
            cast(null as date) as birth_date,
            phone,
            email,
            street,
            postcode,
            updated_at
        from {{ ref("stg_shop__accounts") }}
        union all
        select
            'loyalty_card' as identifier_type,
            loyalty_card as identifier,
            1 as trust_rank,
            first_name,
            last_name,
            birth_date,
            phone,
            email,
            cast(null as string) as street,
            postcode,
            updated_at
        from {{ ref("stg_loyalty__members") }}
        union all
        select
            case
                when account_id is not null
                then 'account'
                when email is not null
                then 'email'
                else 'phone'
            end as identifier_type,
            coalesce(account_id, email, phone) as identifier,
            2 as trust_rank,
            first_name,
            last_name,
            cast(null as date) as birth_date,
            phone,
            email,
            cast(null as string) as street,
            postcode,
            placed_at as updated_at
        from {{ ref("stg_shop__orders") }}
        where not is_future
    ),
    owned as (
        select
            islands.island_key,
            islands.identifier_key,
            written.*,
            case
                when erased.identifier_key is null then substr(email, 1, position('@' in email) - 1)
            end as email_name,
            -- a telephone that several people use says nothing about one of them
            case when phones.identifier_key is not null then phone end as number,
            -- what counts most comes last in this order
            case when last_name is null then '0' when first_name is null then '1' else '2' end
            || cast(2 - trust_rank as string)
            || cast(updated_at as string)
            || written.identifier_type
            || written.identifier
            || coalesce(first_name, '')
            || coalesce(last_name, '') as weight
        from written
        inner join
            {{ ref("int_identifier_islands") }} as islands
            on islands.identifier_key
            = {{ identifier_key("written.identifier_type", "written.identifier") }}
            and islands.refusal_reason is null
        left join
            {{ ref("int_identifier_islands") }} as phones
            on phones.identifier_key = {{ identifier_key("'phone'", "written.phone") }}
            and phones.refusal_reason is null
        left join
            {{ ref("int_identifiers_erased") }} as erased
            on erased.identifier_key = {{ identifier_key("'email'", "written.email") }}
    )
select
    -- keys
    island_key as record_key,
    max_by(identifier_key, weight) as identifier_key,
    -- identifiers
    max_by(first_name, weight) as given_name,
    max_by(last_name, weight) as family_name,
    {% for column in ["birth_date", "number", "email_name", "street", "postcode"] %}
        max_by(
            cast({{ column }} as string), case when {{ column }} is not null then weight end
        ) as {{ column }} {{ "," if not loop.last }}
    {% endfor %}
from owned
group by island_key
having max(last_name) is not null
