-- Rule by rule, in words rather than bits: what suppressions.csv says is blocked was not decided.
select d.decision_id, s.rule_id
from {{ ref("fct_decisions") }} as d
join {{ ref("messages") }} as m on m.message_id = d.message_id
join
    {{ ref("fct_audience_members") }} as a
    on a.customer_id = d.customer_id
    and a.kind = 'suppression'
join {{ ref("suppressions") }} as s on s.audience = a.audience and {{ is_valid_now("s") }}
where
    d.run_id = {{ run_id() }}
    and coalesce(a.expires_at, timestamp '9999-01-01 00:00:00') > {{ as_of() }}
    and coalesce(s.exempt_purpose, '') <> m.purpose
    and (
        s.scope_type = 'all'
        or (
            s.scope_type = 'category'
            and concat('|', s.scope_key, '|') like concat('%|', m.category, '|%')
        )
        or (
            s.scope_type = 'channel'
            and concat('|', s.scope_key, '|') like concat('%|', m.channel, '|%')
        )
        or (
            s.scope_type = 'match'
            and a.scope_key in (
                concat('product:', coalesce(d.product_id, '')),
                concat('category:', coalesce(d.product_category, '')),
                concat('channel:', d.channel)
            )
        )
    )
