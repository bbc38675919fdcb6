-- Whatever a cap can count together and a message of this run has, as a number: every channel,
-- category, campaign, group and message, and what is promoted where a cap counts that.
with
    found as (
        {% for scope, column in cap_scopes().items() if not scope.startswith("product") %}
            select
                '{{ scope }}' as scope_type,
                {{ "'*'" if scope == "global" else column }} as scope_key
            from {{ ref("int_messages__ready") }}
            union
        {% endfor %}
        {% for scope in cap_scopes() if scope.startswith("product") %}
            select '{{ scope }}' as scope_type, {{ cap_scopes()[scope] }} as scope_key
            from {{ ref("fct_candidates") }}
            where
                '{{ scope }}' in (select scope_type from {{ ref("int_caps__ready") }})
                {{ "union" if not loop.last }}
        {% endfor %}
    )
select
    -- keys
    scope_type,
    scope_key,
    -- facts
    cast(row_number() over (order by scope_type, scope_key) as bigint) as value_number
from found
where scope_key <> ''
