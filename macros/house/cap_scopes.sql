{# What caps can count together, in the order in which reasons name them: scope and the column that holds its value. #}
{% macro cap_scopes() -%}
    {{
        return(
            {
                "global": "everything",
                "channel": "channel",
                "category": "category",
                "campaign": "campaign",
                "group": "exclusion_group",
                "message": "message_id",
                "product": "product_id",
                "product_category": "product_category",
            }
        )
    }}
{%- endmacro %}

{# The scopes whose room another message can take in the same run: a message itself is chosen once. #}
{% macro shared_scopes() -%}
    {{ return(cap_scopes().keys() | reject("equalto", "message") | list) }}
{%- endmacro %}

{# The value a row has for a scope that is itself a column; null where it has none. #}
{% macro scope_value(scope_type, row) -%}
    case
        {{ scope_type }}
        {%- for scope, column in cap_scopes().items() %}
            when '{{ scope }}' then {{ "'*'" if scope == "global" else row ~ "." ~ column }}
        {%- endfor %}
    end
{%- endmacro %}

{# Whether a cap counts a row: the row has a value for the cap's scope, and the cap names it or takes each. #}
{% macro is_in_scope(cap, row) -%}
    (
        {{ scope_value(cap ~ ".scope_type", row) }} <> ''
        and {{ cap }}.scope_key in ('*', {{ scope_value(cap ~ ".scope_type", row) }})
    )
{%- endmacro %}

{# Who a row belongs to for a cap of this unit. #}
{% macro unit_id(unit, row) -%}
    case
        {{ unit }}
        when 'customer'
        then {{ row }}.customer_id
        when 'household'
        then {{ row }}.household_id
        when 'contact_point'
        then {{ row }}.contact_type || ':' || {{ row }}.contact_point
        else 'all'
    end
{%- endmacro %}
