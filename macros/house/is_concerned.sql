{# Whether this run needs to know of a customer: of everybody, or in a micro-run of those it could touch. #}
{% macro is_concerned(customer_id) -%}
    (
        '{{ told("run_kind", "full") }}' <> 'micro'
        or {{ customer_id }} in (select customer_id from {{ ref("int_customers__concerned") }})
    )
{%- endmacro %}

{# Whether this run decides for a customer: for everybody, or in a micro-run for those with news. #}
{% macro is_considered(customer_id) -%}
    (
        '{{ told("run_kind", "full") }}' <> 'micro'
        or {{ customer_id }} in (select customer_id from {{ ref("int_customers__considered") }})
    )
{%- endmacro %}
