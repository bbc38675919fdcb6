{# The number in a customer's id, the key of the identifier that names the customer. Many rows are joined and grouped by
   it: text is dearer to read, to hash and to compare. An id of another make fails. #}
{% macro customer_number(customer_id) -%}
    cast(substr({{ customer_id }}, 2) as bigint)
{%- endmacro %}

{# The id again. #}
{% macro customer_of_number(number) -%} 'c' || cast({{ number }} as string) {%- endmacro %}
