{# Behind `as` of a named subquery: what it finds is gathered before the next step works on it. Of a batch's look into history
   every few rows come alone, and an engine that works on many at once would do each of them the cost of many. #}
{% macro gathered() -%} {{ adapter.dispatch("gathered", "downbeat")() }} {%- endmacro %}

{% macro default__gathered() -%} materialized {%- endmacro %}

{# Spark puts small pieces together by itself. #}
{% macro spark__gathered() -%} {%- endmacro %}
