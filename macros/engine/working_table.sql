{# A scratch table of one model: temporary on DuckDB; a real one on Spark, whose temporary relations are lazy views. #}
{% macro working_table(name) %}
    {{ return(adapter.dispatch("working_table", "downbeat")(name)) }}
{% endmacro %}

{% macro default__working_table(name) %} {{ return("temp." ~ name) }} {% endmacro %}

{% macro spark__working_table(name) %} {{ return(this.schema ~ "." ~ name) }} {% endmacro %}

{% macro replace_working_table(name, query) %}
    {% do adapter.dispatch("replace_working_table", "downbeat")(working_table(name), query) %}
{% endmacro %}

{% macro default__replace_working_table(table, query) %}
    {% do run_query("create or replace temp table " ~ table ~ " as " ~ query) %}
{% endmacro %}

{% macro spark__replace_working_table(table, query) %}
    {# Written beside and moved into place: the query may read the table it replaces. #}
    {% do run_query("drop table if exists " ~ table ~ "__new") %}
    {% do run_query("create table " ~ table ~ "__new using parquet as " ~ query) %}
    {% do run_query("drop table if exists " ~ table) %}
    {% do run_query("alter table " ~ table ~ "__new rename to " ~ table) %}
{% endmacro %}

{% macro drop_working_table(name) %}
    {% do run_query("drop table if exists " ~ working_table(name)) %}
{% endmacro %}

{# In one statement where an engine takes several: what dbt does around each costs more than the dropping. #}
{% macro drop_working_tables(names) %}
    {% do adapter.dispatch("drop_working_tables", "downbeat")(names) %}
{% endmacro %}

{% macro default__drop_working_tables(names) %}
    {% set drops = [] %}
    {% for name in names %}
        {% do drops.append("drop table if exists " ~ working_table(name)) %}
    {% endfor %}
    {% do run_query(drops | join("; ")) %}
{% endmacro %}

{% macro spark__drop_working_tables(names) %}
    {% for name in names %} {% do drop_working_table(name) %} {% endfor %}
{% endmacro %}

{% macro has_rows(name, condition="true") %}
    {{
        return(
            run_query("select count(*) from " ~ working_table(name) ~ " where " ~ condition)
            .columns[0]
            .values()[0]
            > 0
        )
    }}
{% endmacro %}
