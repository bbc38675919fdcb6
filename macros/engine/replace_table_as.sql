{# A table built from a query in one statement, whatever stood there before. #}
{% macro replace_table_as(relation, query) %}
    {% set old = load_cached_relation(relation) %}
    {% if old and (old.type != "table" or target.type == "spark") %}
        {% do adapter.drop_relation(old) %}
    {% endif %}
    {{ adapter.dispatch("replace_table_as", "downbeat")(relation, query) }}
{% endmacro %}

{% macro default__replace_table_as(relation, query) %} create or replace table {{ relation }} as {{ query }}
{% endmacro %}

{% macro spark__replace_table_as(relation, query) %} create table {{ relation }} using parquet as {{ query }}
{% endmacro %}
